import { randomUUID } from 'node:crypto';
import { DeliveryFailed } from '../../src/messages/delivery';
import { type Message, SmsGatewayMessenger, SmtpMessenger } from '../../src/messages/messenger';
import { type GatewayContentType } from '../../src/platform/settings/integrations';
import { MailServer } from '../support/mail-server';
import { Receiver } from '../support/receiver';

/** Never aborted: there is all the time in the world. */
const inTime = new AbortController().signal;

const message = (changes: Partial<Message> = {}): Message => ({
  id: randomUUID(),
  approvalId: 'approval',
  method: 'email',
  recipient: 'alice@example.com',
  subject: 'Code',
  text: 'Say "314159" & smile:\n100 % \\ ü {recipient}',
  code: '314159',
  ...changes,
});

describe('SmtpMessenger', () => {
  const messengers: SmtpMessenger[] = [];
  const servers: MailServer[] = [];
  afterEach(async () => {
    for (const messenger of messengers.splice(0)) messenger.onApplicationShutdown();
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });
  const open = async (secure = false): Promise<MailServer> => {
    const server = await MailServer.open(0, secure);
    servers.push(server);
    return server;
  };
  const messengerTo = (url: string, requireTls = false): SmtpMessenger => {
    const messenger = new SmtpMessenger(url, 'codes@rescind.example', requireTls);
    messengers.push(messenger);
    return messenger;
  };

  it('names a mail after its delivery, so that a repetition can be recognised', async () => {
    const server = await open();
    const mail = message();
    await messengerTo(server.url).send(mail, inTime);
    const [{ source } = { source: '' }] = await server.received(mail.recipient);
    expect(source).toContain(`Message-ID: <${mail.id}@rescind.example>`);
  });

  it('speaks TLS, and to no server whose certificate it does not trust', async () => {
    const server = await open(true);
    await expect(messengerTo(server.url).send(message(), inTime)).rejects.toThrow(DeliveryFailed);
    expect(server.mails).toEqual([]);
    await messengerTo(`${server.url}?tls.rejectUnauthorized=false`).send(message(), inTime);
    expect(server.mails).toHaveLength(1);
  });

  it('hands nothing to a server without TLS where that is required', async () => {
    const server = await open();
    await expect(messengerTo(server.url, true).send(message(), inTime)).rejects.toThrow(DeliveryFailed);
    await messengerTo(`${server.url}?requireTLS=false`, true).send(message(), inTime);
    expect(server.mails).toHaveLength(1);
  });

  it('sends nothing once its signal is aborted', async () => {
    const server = await open();
    await expect(messengerTo(server.url).send(message(), AbortSignal.abort())).rejects.toThrow(DeliveryFailed);
    expect(server.mails).toEqual([]);
  });

  it('reports a refusal without what the server said of the recipient', async () => {
    const server = await open();
    server.answer = 'refuse';
    await expect(messengerTo(server.url).send(message(), inTime)).rejects.toThrow(
      /^The mail server: answered 452 at DATA$/,
    );
  });
});

describe('SmsGatewayMessenger', () => {
  let gateway: Receiver;
  beforeEach(async () => {
    gateway = await Receiver.open(202);
  });
  afterEach(() => gateway.close());

  const bodies: [GatewayContentType, string, (body: string) => unknown][] = [
    ['application/json', '{"to":"{recipient}","message":"{text}"}', (body) => JSON.parse(body)],
    [
      'application/x-www-form-urlencoded',
      'to={recipient}&message={text}',
      (body) => Object.fromEntries(new URLSearchParams(body)),
    ],
  ];
  it.each(bodies)('fills in a body of %s, with every text escaped', async (contentType, body, parse) => {
    const url = `${gateway.url}/send`;
    const sms = message({ method: 'sms', recipient: '+6591234567' });
    await new SmsGatewayMessenger({ url, method: 'PUT', headers: {}, contentType, body }).send(sms, inTime);
    const [call] = gateway.calls;
    expect(call).toMatchObject({ method: 'PUT', path: '/send', headers: { 'content-type': contentType } });
    expect(call!.headers['idempotency-key']).toBe(sms.id);
    expect(parse(call!.body)).toEqual({ to: sms.recipient, message: sms.text });
  });

  it.each([302, 400, 503])('takes %i for a refusal', async (status) => {
    gateway.answer(status);
    const messenger = new SmsGatewayMessenger({
      url: gateway.url,
      method: 'POST',
      headers: {},
      contentType: 'text/plain',
      body: '{recipient} {text}',
    });
    await expect(messenger.send(message({ method: 'sms' }), inTime)).rejects.toThrow(
      `The SMS gateway answered ${status}`,
    );
  });
});
