import { operatorIn } from './operator-claims';

const names = { roleClaim: 'roles', tenantsClaim: 'tenants' };
const sub = '248289761001';

describe('An operator in the claims of a provider', () => {
  it.each([
    [['viewer'], 'viewer'],
    ['support', 'support'],
    [['admin', 'viewer', 'else'], 'admin'],
    [['viewer', 'support'], 'support'],
  ])('with the roles %j is %s', (roles, role) => {
    expect(operatorIn({ sub, roles, tenants: ['a'] }, names)).toMatchObject({ role, tenants: ['a'] });
  });

  it.each([[[]], [['Admin']], ['viewer support'], [{ admin: true }], [[['admin'], 1, null]], [undefined], [null]])(
    'with the roles %j is none',
    (roles) => {
      expect(operatorIn({ sub, roles }, names)).toBeUndefined();
    },
  );

  it.each([
    ['admin', undefined, 'all'],
    ['admin', ['a'], ['a']],
    ['admin', [], []],
    ['admin', 7, []],
    ['support', undefined, []],
    ['viewer', null, []],
    ['viewer', 'a', ['a']],
    ['viewer', ['a', '*'], 'all'],
  ])('as %s with the tenants %j has %j', (roles, tenants, expected) => {
    expect(operatorIn({ sub, roles, tenants }, names)?.tenants).toEqual(expected);
  });

  it('may have its claims within others, or under a name that has dots itself', () => {
    const nested = { roleClaim: 'realm_access.roles', tenantsClaim: 'https://rescind.example/tenants' };
    const claims = { sub, realm_access: { roles: ['viewer'] }, 'https://rescind.example/tenants': ['a'] };
    expect(operatorIn(claims, nested)).toMatchObject({ role: 'viewer', tenants: ['a'] });
    expect(operatorIn({ sub }, { ...nested, roleClaim: '__proto__.constructor.name' })).toBeUndefined();
  });

  it.each([
    [{ preferred_username: 'alice', email: 'a@example.com' }, 'alice', `operator:alice/${sub}`],
    [{ email: 'a@example.com' }, 'a@example.com', `operator:a@example.com/${sub}`],
    [{ preferred_username: '', email: 7 }, sub, `operator:${sub}/${sub}`],
    [{ preferred_username: 'bob/1' }, 'bob/1', `operator:bob%2F1/${sub}`],
    [{ preferred_username: 'Zoë\u202e' }, 'Zoë\u202e', `operator:Zo%C3%AB%E2%80%AE/${sub}`],
    [{ preferred_username: 'two\nlines' }, sub, `operator:${sub}/${sub}`],
    [{ preferred_username: 'a'.repeat(200) }, sub, `operator:${sub}/${sub}`],
  ])('called %j is %s, and in history %s', (claims, name, actor) => {
    expect(operatorIn({ sub, roles: 'admin', ...claims }, names)).toMatchObject({ name, actor });
  });

  it.each([undefined, '', 7, 'a\nb', 'a'.repeat(256)])('without a subject (%j) is none', (subject) => {
    expect(operatorIn({ sub: subject, roles: 'admin' }, names)).toBeUndefined();
  });
});
