import request, { type Response } from 'supertest';
import { v7 as uuidV7 } from 'uuid';
import { registerRelyingParty, registerTenant, type TestRelyingParty } from '../../support/fixtures';
import { callCancel, initiate, TestSigner } from '../../support/sign-requests';
import { openApplication, type TestApplication } from '../../support/test-app';

const refused = (error: string, error_description: string) => ({ status: 400, body: { error, error_description } });
const notFound = refused('CLIENT_SIDE_ERROR', 'No record found');
const alreadyCancelled = refused('REQUEST_ALREADY_CANCELLED', 'Document has already been cancelled');
const activeSession = refused('ACTIVE_SESSION_ONGOING', 'Request cannot be cancelled due to an active sign session');
const alreadySigned = refused('DOCUMENT_ALREADY_SIGNED', 'Document has already been signed');

const answer = ({ status, body }: Response) => ({ status, body: body as object });

describe('POST /api/v3/sign-requests/cancel', () => {
  let application: TestApplication;
  let party: TestRelyingParty;
  let tenantId: string;
  beforeAll(async () => {
    application = await openApplication();
    ({ relyingParty: party, id: tenantId } = await registerTenant(application.dataSource));
  });
  afterAll(() => application.close());

  const cancel = async (requestId?: unknown) => answer(await callCancel(application.url, party, requestId));
  const begin = async () => {
    const initiated = await initiate(application.url, party);
    return { id: initiated.request_id, signer: new TestSigner(application.nodes[0]!, initiated) };
  };
  const letPass = (id: string, column: 'expires_at' | 'session_expires_at') =>
    application.dataSource.query(`UPDATE sign_request SET ${column} = clock_timestamp() WHERE id = $1`, [id]);
  const historyOf = (id: string) =>
    application.dataSource.query<object[]>(
      `SELECT move, "from", "to", actor FROM history WHERE approval = $1 ORDER BY seq`,
      [id],
    );

  it('cancels a pending request once, and says so to a second cancel', async () => {
    const { id } = await begin();
    expect(await cancel(id)).toEqual({ status: 200, body: {} });
    expect(await cancel(id)).toEqual(alreadyCancelled);
    const actor = `relying-party:${party.clientId}`;
    expect(await historyOf(id)).toEqual([
      { move: 'begin', from: null, to: 'pending', actor },
      { move: 'cancel', from: 'pending', to: 'cancelled', actor },
    ]);
  });

  it('cancels an expired request, though the timeout is not stored', async () => {
    const { id } = await begin();
    await letPass(id, 'expires_at');
    expect(await cancel(id)).toEqual({ status: 200, body: {} });
    expect(await cancel(id)).toEqual(alreadyCancelled);
  });

  it('refuses while a sign session is open, and not after it is rejected', async () => {
    const { id, signer } = await begin();
    await signer.proceed();
    expect(await cancel(id)).toEqual(activeSession);
    await signer.reject();
    expect(await cancel(id)).toEqual({ status: 200, body: {} });
  });

  it('cancels a request whose session has been silent too long', async () => {
    const { id, signer } = await begin();
    await signer.proceed();
    await letPass(id, 'session_expires_at');
    expect(await cancel(id)).toEqual({ status: 200, body: {} });
  });

  it('refuses while a session is open that was opened before the request expired', async () => {
    const { id, signer } = await begin();
    await signer.proceed();
    await letPass(id, 'expires_at');
    expect(await cancel(id)).toEqual(activeSession);
    await letPass(id, 'session_expires_at');
    expect(await cancel(id)).toEqual({ status: 200, body: {} });
    // With both times over, the silent session leads past `pending` to the end that its request had come to.
    expect((await historyOf(id)).slice(-2)).toEqual([
      { move: 'lapse', from: 'signing', to: 'expired', actor: 'clock' },
      { move: 'cancel', from: 'expired', to: 'cancelled', actor: `relying-party:${party.clientId}` },
    ]);
  });

  it('refuses once the document is signed', async () => {
    const { id, signer } = await begin();
    await signer.proceed();
    await signer.approve();
    expect(await cancel(id)).toEqual(alreadySigned);
  });

  it('does not let a cancelled request be signed', async () => {
    const { id, signer } = await begin();
    await signer.proceed();
    await signer.reject();
    await cancel(id);
    await signer.proceed();
    await signer.approve();
    expect(await cancel(id)).toEqual(alreadyCancelled);
    expect(
      await application.dataSource.query(`SELECT version FROM sign_document WHERE sign_request_id = $1`, [id]),
    ).toEqual([{ version: 'original' }]);
  });

  it('finds no request of another client', async () => {
    const { id } = await begin();
    const [sibling, stranger] = [
      await registerRelyingParty(application.dataSource, tenantId),
      (await registerTenant(application.dataSource)).relyingParty,
    ];
    for (const other of [sibling, stranger])
      expect(answer(await callCancel(application.url, other, id))).toEqual(notFound);
    expect(await cancel(id)).toEqual({ status: 200, body: {} });
  });

  const absent: [string, unknown][] = [
    ['no id', undefined],
    ['an unknown id', `signv3-${uuidV7()}`],
    ['another word', 'nonsense'],
    ['an empty id', ''],
    ['a NUL', `signv3-${uuidV7()}\0`],
    ['a number', 7],
    ['null', null],
    ['an object', { $ne: '' }],
    ['a long id', 'x'.repeat(5_000)],
    ['SQL', `' OR 1=1 --`],
  ];
  it.each(absent)('finds no record for %s', async (_, id) => {
    expect(await cancel(id)).toEqual(notFound);
  });

  it('takes the client as client_request too', async () => {
    const { id } = await begin();
    const token = await party.token({ client_id: undefined, client_request: party.clientId, request_id: id });
    const response = await request(application.url).post('/api/v3/sign-requests/cancel').set('authorization', token);
    expect(answer(response)).toEqual({ status: 200, body: {} });
  });

  const bodies: [string, string, string | Buffer][] = [
    ['broken JSON', 'application/json', '{'],
    ['another request id', 'application/json', '{"request_id": "signv3-other"}'],
    ['a form', 'application/x-www-form-urlencoded', 'a=b'],
    ['a strange type', 'nonsense', 'a'],
    ['a megabyte', 'application/octet-stream', Buffer.alloc(1024 * 1024)],
    ['another charset', 'application/json; charset=utf-7', '{}'],
  ];
  it.each(bodies)('ignores a body: %s', async (_, type, body) => {
    const { id } = await begin();
    const response = await request(application.url)
      .post('/api/v3/sign-requests/cancel')
      .set('authorization', await party.token({ request_id: id }))
      .set('content-type', type)
      .send(body);
    expect(answer(response)).toEqual({ status: 200, body: {} });
  });

  it('answers the wrong method and an unknown address in its envelope', async () => {
    const wrong = await request(application.url).get('/api/v3/sign-requests/cancel');
    expect(answer(wrong)).toEqual({
      status: 405,
      body: { error: 'METHOD_NOT_ALLOWED', error_description: 'This method is not allowed here' },
    });
    expect(wrong.get('allow')).toBe('POST');
    const unknown = await request(application.url).post('/api/v3/nowhere');
    expect(answer(unknown)).toEqual({
      status: 404,
      body: { error: 'NOT_FOUND', error_description: 'There is nothing at this address' },
    });
  });
});
