import { targetOf } from './audit-target';

describe('What is recorded of a call', () => {
  it('are ids, wherever they are', () => {
    const body = { target: { person: { userId: 'alice' } }, kinds: ['otp'], dryRun: true, tenants: ['acme'] };
    expect(targetOf(body)).toEqual({ 'target.person.userId': 'alice', dryRun: true, tenants: ['acme'] });
    expect(targetOf({ target: { approval: { kind: 'otp', id: '01' } } })).toEqual({
      'target.approval.kind': 'otp',
      'target.approval.id': '01',
    });
    expect(targetOf({ tenant: 'acme', target: { tenant: true } })).toEqual({ 'target.tenant': true });
  });

  it('is that people were named by what identifies them elsewhere, and not what that was', () => {
    const person = { email: 'alice@example.com', telephone: '+6591234567', signer: 'S1234567D', recipient: null };
    expect(targetOf({ person })).toEqual({
      'person.email': true,
      'person.telephone': true,
      'person.signer': true,
    });
  });

  it.each([
    { key: 'secret', token: 'secret', clientSecret: 'secret', jwks: { keys: [{ n: 'secret' }] } },
    { webhookUrl: 'https://a:secret@b', displayName: 'Alice', reason: 'Alice called', code: '123456' },
    { id: { nested: 'secret' }, name: [{ secret: 'a' }], userId: null },
    [{ id: 'in a list' }],
    'text',
    null,
    undefined,
  ])('is nothing of %j', (given) => {
    expect(targetOf(given)).toEqual({});
  });

  it('is bounded', () => {
    const deep = { a: { b: { c: { d: { id: 'too deep' } } } } };
    expect(targetOf(deep)).toEqual({});
    const long = targetOf({ id: 'a'.repeat(1_000), tenants: Array.from({ length: 1_000 }, () => 'a') });
    expect(JSON.stringify(long).length).toBeLessThan(400);
  });
});
