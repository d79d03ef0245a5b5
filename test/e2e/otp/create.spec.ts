import { OtpConfig } from '../../../src/otp/config/otp-configs';
import { registerTenant, type TestTenant } from '../../support/fixtures';
import { behindProxy, OtpClient } from '../../support/otp-client';
import { openApplication, type TestApplication } from '../../support/test-app';

describe('POST /otp/create', () => {
  let application: TestApplication;
  let tenant: TestTenant;
  let client: OtpClient;
  beforeAll(async () => {
    application = await openApplication(behindProxy, 2);
    tenant = await registerTenant(application.dataSource);
    client = new OtpClient(application, tenant);
  });
  afterAll(() => application.close());

  const input = { scope: 'reset_password', method: 'email', recipient: 'alice@example.com' };
  const statusOf = async (id: string, scope = input.scope): Promise<string> =>
    (await client.status(id, scope).expect(201)).body.data.status;

  it('answers with a ULID, when it expires, and when it may be sent again', async () => {
    const { body } = await client.post('create', input).expect(201);
    expect(body.data).toEqual({
      id: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{26}$/),
      expiresAt: expect.any(String),
      resendInterval: 60,
    });
    const lifeMs = Date.parse(body.data.expiresAt) - Date.parse(body.meta.timestamp);
    expect(Math.abs(lifeMs - 600_000)).toBeLessThan(5_000);
  });

  it('makes OTPs as the tenant has set', async () => {
    const other = await registerTenant(application.dataSource);
    const settings = { codeLength: 8, lifeSeconds: 90, maxAttempts: 2, resendIntervalSeconds: 5 };
    await application.dataSource.manager.update(OtpConfig, { tenantId: other.id }, { settings });
    const its = new OtpClient(application, other);
    const { id, scope, code } = await its.make();
    expect(code).toMatch(/^\d{8}$/);
    const { body } = await its.status(id, scope).expect(201);
    expect(body.data.attemptsRemaining).toBe(2);
  });

  it.each([
    ['email', ' Alice@Example.COM ', 'alice@example.com'],
    ['sms', '+65 9123 4567', '+6591234567'],
    ['sms', '+49 (0)151 23456789', '+4915123456789'],
  ])('knows one recipient by one spelling: %s %j', async (method, recipient, normal) => {
    const first = await client.make({ method, recipient: normal, scope: 'otp_signin' });
    const { body } = await client.post('create', { method, recipient, scope: 'otp_signin' }).expect(201);
    expect(await statusOf(first.id, 'otp_signin')).toBe('cancelled');
    const [newest] = await client.inbox(normal);
    expect(newest).toMatchObject({ otpId: body.data.id, method, recipient: normal });
  });

  const invalid: [string, object, Record<string, string>][] = [
    ['nothing', {}, { scope: 'Required', method: 'Required', recipient: 'Required' }],
    ['another method', { ...input, method: 'post' }, { method: 'Invalid enum value' }],
    ['a number for a recipient', { ...input, recipient: 1 }, { recipient: 'Expected string, received number' }],
    ['an empty recipient', { ...input, recipient: '' }, { recipient: 'String must contain at least 1 character(s)' }],
    ['what is no e-mail address', { ...input, recipient: 'alice' }, { recipient: 'Invalid email' }],
    ['two addresses', { ...input, recipient: 'a@example.com, b@example.com' }, { recipient: 'Invalid email' }],
    ['a header in the address', { ...input, recipient: 'a@example.com\r\nBcc: b' }, { recipient: 'Invalid email' }],
    [
      'a number without country',
      { ...input, method: 'sms', recipient: '91234567' },
      { recipient: 'Invalid phone number' },
    ],
    ['a number that cannot be', { ...input, method: 'sms', recipient: '+651' }, { recipient: 'Invalid phone number' }],
    ['null for a scope id', { ...input, scopeId: null }, { scopeId: 'Expected string, received null' }],
  ];
  it.each(invalid)('names what is bad in %s', async (_, body, validation) => {
    const answer = await client.post('create', body).expect(400);
    expect(answer.body.error).toMatchObject({ code: 'VALIDATION_ERROR', validation });
  });

  it('cancels what was pending for the same scope, method and recipient, and nothing else', async () => {
    const recipient = 'bob@example.com';
    const old = await client.make({ recipient });
    const otherScope = await client.make({ recipient, scope: 'otp_signin' });
    const otherRecipient = await client.make();
    const stranger = new OtpClient(application, await registerTenant(application.dataSource));
    const foreign = await stranger.make({ recipient });
    const next = await client.make({ recipient });
    expect(await statusOf(old.id)).toBe('cancelled');
    expect(await statusOf(next.id)).toBe('pending');
    expect(await statusOf(otherScope.id, 'otp_signin')).toBe('pending');
    expect(await statusOf(otherRecipient.id)).toBe('pending');
    await stranger.post('verify', foreign).expect(201);
    await client.post('verify', next).expect(201);
  });

  it('leaves exactly one pending of rivals for one recipient, on two nodes', async () => {
    const rivals = { ...input, recipient: 'rival@example.com' };
    const answers = await Promise.all(Array.from({ length: 10 }, () => client.post('create', rivals).expect(201)));
    const states = await Promise.all(answers.map(({ body }) => statusOf(body.data.id)));
    expect(states.sort()).toEqual([...Array<string>(9).fill('cancelled'), 'pending']);
  });

  it('lets a recipient have ten in an hour, and says when there can be more', async () => {
    const recipient = 'busy@example.com';
    for (let count = 0; count < 10; count += 1) await client.post('create', { ...input, recipient }).expect(201);
    const { body, headers } = await client.post('create', { ...input, recipient }).expect(429);
    expect(body.error).toEqual({ message: 'Too many requests', code: 'TOO_MANY_REQUESTS', status: 429 });
    expect(Number(headers['retry-after'])).toBeGreaterThan(3_590);
    expect(headers).toMatchObject({
      'ratelimit-policy': '"address";q=30;w=3600, "recipient";q=10;w=3600',
      'x-ratelimit-limit': '10',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': headers['retry-after'],
    });
    await client.post('create', { ...input, recipient: 'quiet@example.com' }).expect(201);
  });

  it('lets a tenant have as many as it has set, and counts only what was made', async () => {
    const small = await registerTenant(application.dataSource);
    const settings = { createsPerTenantPerHour: 2 };
    await application.dataSource.manager.update(OtpConfig, { tenantId: small.id }, { settings });
    const its = new OtpClient(application, small);
    await its.post('create', { ...input, recipient: 'nobody' }).expect(400);
    await its.make();
    const { id, scope } = await its.make({ recipient: 'kept@example.com' });
    const counts = () =>
      application.dataSource.query<object[]>(`SELECT * FROM rate_limit WHERE key LIKE 'otp-%' ORDER BY key`);
    const counted = await counts();
    const { headers } = await its.post('create', { ...input, recipient: 'kept@example.com' }).expect(429);
    expect(await counts()).toEqual(counted);
    expect(headers['ratelimit-policy']).toContain('"tenant";q=2;w=3600');
    const { body } = await its.status(id, scope).expect(201);
    expect(body.data.status).toBe('pending');
  });

  it('keeps neither code nor recipient readable anywhere in the database', async () => {
    const { code, recipient } = await client.make({ recipient: 'secret.recipient@example.com' });
    const tables: { table: string }[] = await application.dataSource.query(
      `SELECT format('%I.%I', schemaname, tablename) AS table FROM pg_tables WHERE schemaname = 'public'`,
    );
    for (const { table } of tables) {
      const rows: { row: string }[] = await application.dataSource.query(`SELECT t::text AS row FROM ${table} t`);
      for (const { row } of rows) {
        expect(row).not.toContain(recipient);
        expect(row).not.toMatch(new RegExp(`\\b${code}\\b`));
      }
    }
  });
});
