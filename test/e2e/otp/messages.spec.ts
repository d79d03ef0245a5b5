import { randomUUID } from 'node:crypto';
import { OtpConfig } from '../../../src/otp/config/otp-configs';
import { eventually } from '../../support/eventually';
import { registerTenant, type TestTenant } from '../../support/fixtures';
import { MailServer } from '../../support/mail-server';
import { advance, behindProxy, OtpClient } from '../../support/otp-client';
import { Receiver } from '../../support/receiver';
import { openApplication, type TestApplication } from '../../support/test-app';

const gatewayHeaders = { Authorization: 'Bearer gateway' };

describe('The messages of OTPs', () => {
  let mail: MailServer;
  let gateway: Receiver;
  let application: TestApplication;
  let tenant: TestTenant;
  let client: OtpClient;
  beforeEach(async () => {
    mail = await MailServer.open();
    gateway = await Receiver.open();
    application = await openApplication({
      ...behindProxy,
      smtpUrl: mail.url,
      smtpFrom: 'codes@rescind.example',
      smsGateway: {
        url: `${gateway.url}/send`,
        method: 'POST',
        headers: gatewayHeaders,
        contentType: 'application/json',
        body: '{"to":"{recipient}","text":"{text}"}',
      },
    });
    tenant = await registerTenant(application.dataSource);
    client = new OtpClient(application, tenant);
  });
  afterEach(async () => {
    await application.close();
    await Promise.all([mail.close(), gateway.close()]);
  });

  const scope = 'reset_password';
  const anyRecipient = () => `${randomUUID()}@example.com`;
  const create = async (input: object, headers = {}): Promise<string> =>
    (await client.post('create', { scope, method: 'email', ...input }, headers).expect(201)).body.data.id;
  const deliveryOf = async (id: string): Promise<string> =>
    (await client.status(id, scope).expect(201)).body.data.delivery;
  const codeIn = (source: string): string => /^(\d{6}) /m.exec(source)![1]!;

  it('go by mail, with the code, its purpose and its life', async () => {
    const recipient = anyRecipient();
    const id = await create({ recipient });
    const { source } = (await mail.received(recipient))[0]!;
    expect(source).toMatch(/^From: codes@rescind\.example\r$/m);
    expect(source).toMatch(/^Subject: Your code to reset your password\r$/m);
    expect(source).toMatch(/^\d{6} is your code to reset your password\.\r$/m);
    expect(source).toContain('It can be used for 10 min.');
    await client.post('verify', { id, scope, code: codeIn(source) }).expect(201);
    expect(await deliveryOf(id)).toBe('delivered');
  });

  it('go to the SMS gateway as it wants to be called', async () => {
    const id = await create({ method: 'sms', recipient: '+6591234567' });
    const [call] = await gateway.received('/send');
    expect(call).toMatchObject({ method: 'POST', headers: { authorization: 'Bearer gateway' } });
    const body = JSON.parse(call!.body) as { to: string; text: string };
    expect(body.to).toBe('+6591234567');
    expect(body.text).toMatch(/^\d{6} is your code to reset your password\. It can be used for 10 min\.$/);
    await client.post('verify', { id, scope, code: codeIn(body.text) }).expect(201);
  });

  it('are tried again until the mail server takes them, and come once', async () => {
    mail.answer = 'refuse';
    const recipient = anyRecipient();
    const id = await create({ recipient });
    await eventually(() => Promise.resolve(mail.tries >= 2));
    expect(await deliveryOf(id)).toBe('pending');
    mail.answer = 'take';
    expect(await mail.received(recipient)).toHaveLength(1);
    await eventually(async () => (await deliveryOf(id)) === 'delivered');
    const [row] = await application.dataSource.query<{ last_error: string }[]>('SELECT last_error FROM delivery');
    expect(row!.last_error).toBe('The mail server: answered 452 at DATA');
  });

  it('are tried again when the mail server was away', async () => {
    const { port } = mail;
    await mail.close();
    const recipient = anyRecipient();
    await create({ recipient });
    await eventually(async () => {
      const [row] = await application.dataSource.query<{ last_error: string | null }[]>(
        'SELECT last_error FROM delivery',
      );
      return row!.last_error !== null;
    });
    mail = await MailServer.open(port);
    expect(await mail.received(recipient)).toHaveLength(1);
  });

  it('are tried again until the gateway takes them, under the same key', async () => {
    gateway.answer(200, 503, 500);
    await create({ method: 'sms', recipient: '+6591234567' });
    const calls = await gateway.received('/send', 3);
    expect(new Set(calls.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
  });

  it('are tried again when no answer says whether they were taken', async () => {
    mail.answer = 'never';
    const recipient = anyRecipient();
    await create({ recipient });
    await eventually(() => Promise.resolve(mail.tries === 1));
    mail.answer = 'take';
    expect(await mail.received(recipient)).toHaveLength(1);
  });

  it('are abandoned when the OTP ends first', async () => {
    mail.answer = 'refuse';
    const id = await create({ recipient: anyRecipient() });
    await eventually(() => Promise.resolve(mail.tries >= 1));
    await client.post('cancel', { id, scope }).expect(201);
    mail.answer = 'take';
    await eventually(async () => (await deliveryOf(id)) === 'abandoned');
    expect(mail.mails).toEqual([]);
  });

  it('are not sent once the OTP has expired, though that is not stored yet', async () => {
    mail.answer = 'refuse';
    const id = await create({ recipient: anyRecipient() });
    await eventually(() => Promise.resolve(mail.tries >= 1));
    await application.dataSource.query('UPDATE otp SET expires_at = clock_timestamp() WHERE id = $1', [id]);
    mail.answer = 'take';
    await eventually(async () => (await deliveryOf(id)) === 'abandoned');
    expect(mail.mails).toEqual([]);
  });

  it('are not sent twice when a resend overtakes a sending that has failed', async () => {
    mail.answer = 'refuse';
    const recipient = anyRecipient();
    const id = await create({ recipient });
    await eventually(() => Promise.resolve(mail.tries >= 1));
    await advance(application, 60);
    mail.answer = 'take';
    await client.post('resend', { id, scope }).expect(201);
    await mail.received(recipient);
    await eventually(async () => {
      const states = await application.dataSource.query<{ state: string }[]>(
        'SELECT state FROM delivery ORDER BY created_at',
      );
      return states.map(({ state }) => state).join() === 'abandoned,delivered';
    });
    expect(mail.mails).toHaveLength(1);
  });

  it('are in the language that x-locale names, where there are words', async () => {
    const settings = {
      locale: 'de',
      templates: [{ locale: 'fr', subject: 'Votre code', email: '{code} ({minutes} min)' }],
    };
    await application.dataSource.manager.update(OtpConfig, { tenantId: tenant.id }, { settings });
    const subjectFor = async (locale?: string): Promise<string> => {
      const recipient = anyRecipient();
      await create({ recipient }, locale === undefined ? {} : { 'x-locale': locale });
      const { source } = (await mail.received(recipient))[0]!;
      return /^Subject: (.*)\r$/m.exec(source)![1]!;
    };
    expect(await subjectFor('en-GB')).toBe('Your code to reset your password');
    expect(await subjectFor('fr-CH')).toBe('Votre code');
    const german = await subjectFor();
    expect(german).toMatch(/^=\?UTF-8\?Q\?Ihr_Code=3A_Passwort_zur=C3=BCcksetzen/);
    expect(await subjectFor('ja')).toBe(german);
  });

  it('leave nothing readable behind once the OTP has ended, however it does', async () => {
    const sealed = async (id: string): Promise<boolean> => {
      const [row] = await application.dataSource.query<{ kept: boolean }[]>(
        'SELECT sealed IS NOT NULL AS kept FROM otp WHERE id = $1',
        [id],
      );
      return row!.kept;
    };
    const recipient = anyRecipient();
    const verified = await create({ recipient });
    const { source } = (await mail.received(recipient))[0]!;
    expect(await sealed(verified)).toBe(true);
    await client.post('verify', { id: verified, scope, code: codeIn(source) }).expect(201);
    const cancelled = await create({ recipient: anyRecipient() });
    await client.post('cancel', { id: cancelled, scope }).expect(201);
    const superseded = await create({ recipient });
    await create({ recipient });
    const expired = await create({ recipient: anyRecipient() });
    await advance(application, 600);
    await application.dataSource.query(
      `UPDATE recurring_job SET due_at = clock_timestamp() WHERE name = 'expire-otps'`,
    );
    await eventually(async () => !(await sealed(expired)));
    for (const id of [verified, cancelled, superseded]) expect(await sealed(id)).toBe(false);
    const [row] = await application.dataSource.query<object[]>('SELECT status, revision FROM otp WHERE id = $1', [
      expired,
    ]);
    expect(row).toEqual({ status: 'expired', revision: 2 });
  });
});

describe('The sandbox’s inbox', () => {
  let application: TestApplication;
  let client: OtpClient;
  beforeAll(async () => {
    application = await openApplication(behindProxy);
    client = new OtpClient(application, await registerTenant(application.dataSource));
  });
  afterAll(() => application.close());

  it('shows what would have been sent, newest first', async () => {
    const recipient = '+6591234567';
    const first = await client.make({ method: 'sms', recipient });
    const second = await client.make({ method: 'sms', recipient, scope: 'otp_signin' });
    expect(await client.inbox(recipient)).toEqual([
      expect.objectContaining({ otpId: second.id, method: 'sms', recipient, code: second.code }),
      {
        otpId: first.id,
        method: 'sms',
        recipient,
        code: first.code,
        text: `${first.code} is your code to reset your password. It can be used for 10 min.`,
        at: expect.stringMatching(/Z$/),
      },
    ]);
    expect(await client.inbox('+6581234567')).toEqual([]);
  });

  it('takes an unescaped plus in the address for a plus', async () => {
    await client.make({ method: 'sms', recipient: '+6561234567' });
    const answer = await fetch(`${application.url}/sandbox/inbox?recipient=+6561234567`);
    expect(((await answer.json()) as { messages: object[] }).messages).toHaveLength(1);
  });
});

it('without a sandbox and a mail server, a message fails for that reason', async () => {
  const application = await openApplication({ ...behindProxy, sandbox: false });
  const client = new OtpClient(application, await registerTenant(application.dataSource));
  await client.post('create', { scope: 'reset_password', method: 'email', recipient: 'alice@example.com' }).expect(201);
  const row = await eventually(async () => {
    const [found] = await application.dataSource.query<{ last_error: string | null }[]>(
      'SELECT last_error FROM delivery',
    );
    return found?.last_error ?? undefined;
  });
  expect(row).toBe('This server is not set up to send email');
  await application.close();
});
