import { randomUUID } from 'node:crypto';
import request from 'supertest';
import { type DataSource } from 'typeorm';
import { eventTypes } from '../../src/approvals/events/event-endpoint.entity';
import { eventually } from '../support/eventually';
import { registerTenant, TestRelyingParty } from '../support/fixtures';
import { OtpClient } from '../support/otp-client';
import { PortalVisitor } from '../support/portal-visitor';
import { Receiver } from '../support/receiver';
import { callCancel, initiate, samplePdf } from '../support/sign-requests';
import { accessToken, TestBackend } from '../support/signatures';
import { TestDevice } from '../support/test-device';
import { openApplication, testAdminToken, type TestApplication } from '../support/test-app';

const docName = 'Dismissal of Dr. Müller.pdf';
const message = 'Pay 12.50 EUR to the clinic';
const pushMessage = 'The clinic asks for money';
const recipient = 'patient@clinic.example';
const person = { name: 'Zacharias Quincy', id: 'S7654321Q' };

/** Each row of each table as text, where bytes are in hex. */
async function dump(dataSource: DataSource): Promise<Map<string, string>> {
  const tables = await dataSource.query<{ name: string }[]>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY name`,
  );
  const dumped = new Map<string, string>();
  for (const { name } of tables) {
    const rows = await dataSource.query<{ row: string }[]>(`SELECT _row::text AS row FROM "${name}" AS _row`);
    dumped.set(name, rows.map(({ row }) => row).join('\n'));
  }
  return dumped;
}

/** Where a content is in a dump, plain or in one of the forms that any reader can decode. */
function tablesWith(dumped: Map<string, string>, content: Buffer): string[] {
  const forms = [content.toString(), content.toString('hex'), content.toString('base64')];
  return [...dumped].filter(([, text]) => forms.some((form) => text.includes(form))).map(([name]) => name);
}

describe('What the database holds', () => {
  let application: TestApplication;
  let receiver: Receiver;
  beforeAll(async () => {
    receiver = await Receiver.open();
    application = await openApplication({ sandbox: true, allowPrivateTargets: true });
  });
  afterAll(async () => {
    await application.close();
    await receiver.close();
  });

  const plaintexts = {
    'the document': samplePdf.subarray(0, 64),
    'the name of the document': Buffer.from('Dismissal of'),
    'the message': Buffer.from('to the clinic'),
    'the push message': Buffer.from(pushMessage),
    'the callback URL': Buffer.from('/callback-path'),
    'the webhook URL': Buffer.from('/webhook-path'),
    'the URL of an event endpoint': Buffer.from('/events-path'),
    'the recipient of a code': Buffer.from(recipient),
    'the name of the signer': Buffer.from(person.name),
    'the id of the signer': Buffer.from(person.id),
  };

  it('shows nothing of what was entrusted to any of the three APIs', async () => {
    const { dataSource, url } = application;
    const tenant = await registerTenant(dataSource);
    const party = TestRelyingParty.create();
    await request(url)
      .post(`/admin/v1/tenants/${tenant.id}/relying-parties`)
      .auth(testAdminToken, { type: 'bearer' })
      .send({
        clientId: party.clientId,
        name: 'Clinic',
        jwks: { keys: [party.publicJwk] },
        webhookUrl: `${receiver.url}/webhook-path`,
      })
      .expect(201);

    const { body: endpoint } = await request(url)
      .post(`/admin/v1/tenants/${tenant.id}/event-endpoints`)
      .auth(testAdminToken, { type: 'bearer' })
      .send({ url: `${receiver.url}/events-path`, types: eventTypes })
      .expect(201);
    const eventSecret = Buffer.from(endpoint.secret.slice('whsec_'.length), 'base64');

    const { signing_url } = await initiate(url, party, { doc_name: docName });
    await new PortalVisitor(url, person).sign(signing_url);
    await receiver.received('/webhook-path');

    const backend = new TestBackend(url, tenant.id, await accessToken(url, tenant));
    const device = await TestDevice.plant(dataSource, url, tenant.id);
    const callbackUrl = `${receiver.url}/callback-path`;
    const content = { signatureMessage: message, pushNotificationMessage: pushMessage, callbackUrl };
    const transactionId = await backend.started(content);
    expect((await device.fetch()).body.data).toMatchObject([{ transactionId, signatureMessage: message }]);
    expect((await device.confirm(transactionId, message)).status).toBe(200);
    const [callback] = await receiver.received('/callback-path');
    const { signature } = JSON.parse(callback!.body).data[0];
    await backend.started({ ...content, transactionId: randomUUID() });

    const otps = new OtpClient(application, tenant);
    const { code, id } = await otps.make({ recipient });
    await otps.post('verify', { id, scope: 'reset_password', code }).expect(201);

    // Three approvals have begun and ended, and one has begun.
    await receiver.received('/events-path', 6);
    const dumped = await dump(dataSource);
    const filled = [...dumped].filter(([, text]) => text !== '').map(([name]) => name);
    expect(filled).toEqual(
      expect.arrayContaining(['delivery', 'history', 'otp', 'sign_document', 'sign_request', 'signature']),
    );
    const drawn = { "the device's signature": Buffer.from(signature), 'the secret of an event endpoint': eventSecret };
    const seen = Object.entries({ ...plaintexts, ...drawn }).map(([name, content]) => [
      name,
      tablesWith(dumped, content),
    ]);
    expect(Object.fromEntries(seen)).toEqual(Object.fromEntries(seen.map(([name]) => [name, []])));
  });

  it('is read as it was, and then sealed, where an older version stored it plain', async () => {
    const { dataSource, url } = application;
    const tenant = await registerTenant(dataSource);
    const plain = async (sql: string, ...values: unknown[]) => dataSource.query(sql, [tenant.id, ...values]);
    await plain(
      'UPDATE relying_party SET webhook_url = $2 WHERE tenant_id = $1',
      Buffer.from(`${receiver.url}/plain-webhook`),
    );
    const { request_id: id, signing_url } = await initiate(url, tenant.relyingParty);
    const backend = new TestBackend(url, tenant.id, await accessToken(url, tenant));
    const device = await TestDevice.plant(dataSource, url, tenant.id);
    const transactionId = await backend.started();
    await plain('UPDATE sign_request SET doc_name = $2 WHERE tenant_id = $1', Buffer.from(docName));
    await plain('UPDATE sign_document SET bytes = $2 WHERE tenant_id = $1', samplePdf);
    await plain('UPDATE signature SET message = $2 WHERE tenant_id = $1', Buffer.from(message));
    await plain(
      'UPDATE signature SET callback_url = $2 WHERE tenant_id = $1',
      Buffer.from(`${receiver.url}/plain-callback`),
    );

    const visitor = new PortalVisitor(url, person);
    expect((await visitor.logIn(signing_url)).text).toContain(docName);
    expect((await device.fetch()).body.data).toMatchObject([{ transactionId, signatureMessage: message }]);

    const jobs = ['seal-sign_request', 'seal-sign_document', 'seal-signature', 'seal-relying_party'];
    // They are planned once the node's first round has been made.
    await eventually(async () => {
      const due = 'UPDATE recurring_job SET due_at = clock_timestamp() WHERE name = ANY($1) RETURNING 1';
      return (await dataSource.query<[object[], number]>(due, [jobs]))[1] === jobs.length;
    });
    const sought = ['Dismissal', 'to the clinic', '/plain-callback', '/plain-webhook'].map((text) => Buffer.from(text));
    await eventually(async () => {
      const dumped = await dump(dataSource);
      return [...sought, samplePdf.subarray(0, 64)].every((content) => tablesWith(dumped, content).length === 0);
    });

    expect((await visitor.open(signing_url)).text).toContain(docName);
    await visitor.sign(signing_url);
    expect((await device.confirm(transactionId, message)).status).toBe(200);
    await receiver.received('/plain-callback');
    await receiver.received('/plain-webhook');
    const [row] = await dataSource.query<{ status: string }[]>('SELECT status FROM sign_request WHERE id = $1', [id]);
    expect(row).toEqual({ status: 'signed' });
  });

  it('need not be opened for a cancel', async () => {
    const { dataSource, url } = application;
    const tenant = await registerTenant(dataSource);
    const { request_id, signing_url } = await initiate(url, tenant.relyingParty);
    const backend = new TestBackend(url, tenant.id, await accessToken(url, tenant));
    const transactionId = await backend.started();
    await dataSource.query(`UPDATE sign_request SET doc_name = doc_name || '!' WHERE id = $1`, [request_id]);
    await dataSource.query(`UPDATE signature SET message = message || '!' WHERE id = $1`, [transactionId]);

    expect((await new PortalVisitor(url).open(signing_url)).status).toBe(500);
    expect((await callCancel(url, tenant.relyingParty, request_id)).status).toBe(200);
    await backend.cancel({ deviceId: '-1', transactionId }).expect(200);
  });
});
