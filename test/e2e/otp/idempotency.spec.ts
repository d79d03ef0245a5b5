import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { eventually } from '../../support/eventually';
import { registerTenant, type TestTenant } from '../../support/fixtures';
import { behindProxy, OtpClient } from '../../support/otp-client';
import { openApplication, type TestApplication } from '../../support/test-app';

describe('Idempotency-Key', () => {
  let application: TestApplication;
  let tenant: TestTenant;
  let client: OtpClient;
  beforeAll(async () => {
    application = await openApplication(behindProxy, 2);
    tenant = await registerTenant(application.dataSource);
    client = new OtpClient(application, tenant);
  });
  afterAll(() => application.close());

  const anyInput = () => ({ scope: 'otp_signin', method: 'email', recipient: `${randomUUID()}@example.com` });
  const create = (input: object, key: string) => client.post('create', input, { 'Idempotency-Key': key });

  it('gives a repetition the first answer, on another node too, and sends nothing', async () => {
    const input = anyInput();
    const first = await create(input, 'a').expect(201);
    const again = await create(input, 'a').expect(201);
    expect(again.body.data).toEqual(first.body.data);
    const other = await create({ ...input, recipient: input.recipient.toUpperCase() }, 'a').expect(201);
    expect(other.body.data).toEqual(first.body.data);
    expect(await client.inbox(input.recipient)).toHaveLength(1);
  });

  it('refuses the key with another body', async () => {
    await create(anyInput(), 'b').expect(201);
    const { body } = await create(anyInput(), 'b').expect(422);
    expect(body.error).toEqual({
      message: 'This idempotency key belongs to another request',
      code: 'IDEMPOTENCY_KEY_REUSED',
      status: 422,
    });
  });

  it('belongs to its tenant', async () => {
    const input = anyInput();
    const first = await create(input, 'c').expect(201);
    const stranger = new OtpClient(application, await registerTenant(application.dataSource));
    const { body } = await stranger.post('create', input, { 'Idempotency-Key': 'c' }).expect(201);
    expect(body.data.id).not.toBe(first.body.data.id);
  });

  it('refuses a repetition while the first is still being served', async () => {
    const input = anyInput();
    const blocker = new Client({ connectionString: application.database.url });
    await blocker.connect();
    // Creates count the tenant last; a lock on that row holds them up.
    await create(anyInput(), 'warm-up').expect(201);
    await blocker.query('BEGIN');
    await blocker.query('SELECT 1 FROM rate_limit WHERE key = $1 FOR UPDATE', [`otp-tenant:${tenant.id}`]);
    const first = create(input, 'd').expect(201);
    const served = first.then((answer) => answer);
    const waiting = `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`;
    await eventually(async () => (await blocker.query(waiting)).rowCount !== 0);
    const { body } = await create(input, 'd').expect(409);
    expect(body.error).toMatchObject({ code: 'IDEMPOTENCY_KEY_IN_USE', status: 409 });
    await blocker.query('COMMIT');
    await blocker.end();
    const { body: answer } = await served;
    expect((await create(input, 'd').expect(201)).body.data).toEqual(answer.data);
  });

  it('makes one of many that come at once', async () => {
    const input = anyInput();
    const answers = await Promise.all(Array.from({ length: 20 }, () => create(input, 'e')));
    const made = answers.filter(({ status }) => status === 201);
    expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true);
    expect(new Set(made.map(({ body }) => body.data.id)).size).toBe(1);
    expect(await client.inbox(input.recipient)).toHaveLength(1);
  });

  it('is forgotten with what was refused', async () => {
    await create({ ...anyInput(), recipient: 'nobody' }, 'f').expect(400);
    await create(anyInput(), 'f').expect(201);
  });

  it('is known for a day', async () => {
    const input = anyInput();
    const first = await create(input, 'g').expect(201);
    await application.dataSource.query(`UPDATE otp_idempotency SET ends_at = ends_at - interval '24 hours'`);
    const next = await create(input, 'g').expect(201);
    expect(next.body.data.id).not.toBe(first.body.data.id);
  });

  it.each([
    ['empty', ''],
    ['too long', 'x'.repeat(256)],
    ['not ASCII', 'schlüssel'],
  ])('is refused where it is %s', async (_, key) => {
    const { body } = await create(anyInput(), key).expect(400);
    expect(body.error.validation).toEqual({ 'Idempotency-Key': 'Expected 1 to 255 characters of ASCII' });
  });
});
