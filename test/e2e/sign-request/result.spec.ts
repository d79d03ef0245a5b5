import { randomUUID } from 'node:crypto';
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import request from 'supertest';
import { DocumentRetention } from '../../../src/sign-request/stored-documents';
import { eventually } from '../../support/eventually';
import { registerRelyingParty, registerTenant, type TestRelyingParty } from '../../support/fixtures';
import { phoneIn, PortalVisitor } from '../../support/portal-visitor';
import { type Received, Receiver } from '../../support/receiver';
import { callCancel, type Initiated, initiate, samplePdf, TestSigner } from '../../support/sign-requests';
import { openApplication, testAdminToken, type TestApplication } from '../../support/test-app';

const signer = { name: 'Alice Tan', id: 'S1111111A' };
const refused = (error: string) => ({ status: 400, error });

describe('What comes of a sign request', () => {
  let application: TestApplication;
  let receiver: Receiver;
  let party: TestRelyingParty;
  let tenantId: string;
  beforeAll(async () => {
    receiver = await Receiver.open();
    application = await openApplication({ sandbox: true, allowPrivateTargets: true });
    ({ relyingParty: party, id: tenantId } = await registerTenant(application.dataSource));
    await application.dataSource.query('UPDATE relying_party SET webhook_url = $1', [`${receiver.url}/hook`]);
  });
  afterAll(async () => {
    await application.close();
    await receiver.close();
  });
  beforeEach(() => {
    receiver.calls.length = 0;
    receiver.answer(200);
  });

  const tokenIn = ({ body }: { body: string }) => (JSON.parse(body) as { token: string }).token;
  /** The webhooks that the relying party received of one request; those of others may come at the same time. */
  const webhooks = (requestId: string, count = 1): Promise<Received[]> =>
    eventually(() => {
      const calls = receiver.calls.filter((call) => decodeJwt(tokenIn(call)).request_id === requestId);
      return Promise.resolve(calls.length >= count && calls);
    });
  const begin = (claims: object = {}) => initiate(application.url, party, { ...claims });
  const signed = async (claims: object = {}): Promise<Initiated> => {
    const initiated = await begin(claims);
    await new PortalVisitor(application.url, signer).sign(initiated.signing_url);
    return initiated;
  };
  const resultOf = async (id: string, code: unknown, path = 'signed-doc', asking = party) => {
    const token = await asking.token({ exchange_code: code, jti: randomUUID() });
    return request(application.url).get(`/api/v3/sign-requests/${id}/${path}`).set('authorization', token);
  };
  const refusal = async (...asked: Parameters<typeof resultOf>) => {
    const { status, body } = await resultOf(...asked);
    return { status, error: body.error as string };
  };
  const fetchDocument = (url: string) => request(application.url).get(new URL(url).pathname).buffer(true);
  const queue = (id: string) =>
    eventually(async () => {
      const [row] = await application.dataSource.query<{ id: string; state: string; attempts: number }[]>(
        `SELECT id, state, attempts FROM delivery WHERE approval_id = $1`,
        [id],
      );
      return row !== undefined && row.state !== 'pending' && row;
    });

  describe('get result', () => {
    it.each(['signed-doc', 'signed_doc'])('answers at %s who signed, and where the document is', async (path) => {
      const { request_id, exchange_code } = await signed({ doc_name: 'Pachtvertrag für Zoë.pdf' });
      const before = Date.now();
      const { status, body } = await resultOf(request_id, exchange_code, path);
      expect({ status, body }).toEqual({
        status: 200,
        body: {
          signed_doc_url: expect.stringMatching(/^http:\/\/localhost:3000\/api\/v3\/signed-documents\/[\w-]{100,}$/),
          signer_info: {
            signer_name: 'Alice Tan',
            signer_partial_uinfin: '111A',
            signed_at: expect.any(Number),
          },
          exp: expect.any(Number),
        },
      });
      expect(Math.abs(body.signer_info.signed_at - before)).toBeLessThan(10_000);
      expect(body.exp - before / 1000).toBeGreaterThan(115);
      expect(body.exp - before / 1000).toBeLessThanOrEqual(121);

      const document = await fetchDocument(body.signed_doc_url);
      expect(document.status).toBe(200);
      expect(document.headers['content-type']).toBe('application/pdf');
      expect(document.headers['content-disposition']).toBe(
        `attachment; filename="Pachtvertrag f?r Zo?-signed.pdf"; filename*=UTF-8''Pachtvertrag%20f%C3%BCr%20Zo%C3%AB-signed.pdf`,
      );
      expect((document.body as Buffer).subarray(0, samplePdf.length).equals(samplePdf)).toBe(true);
      expect((document.body as Buffer).toString('latin1')).toContain('/ETSI.CAdES.detached');
    });

    it('makes a new link on each call', async () => {
      const { request_id, exchange_code } = await signed();
      const [one, other] = [await resultOf(request_id, exchange_code), await resultOf(request_id, exchange_code)];
      expect(one.body.signed_doc_url).not.toBe(other.body.signed_doc_url);
    });

    it('says of each other state why there is no result', async () => {
      const { request_id: id, exchange_code: code, ...rest } = await begin();
      expect(await refusal(id, code)).toEqual(refused('DOCUMENT_NOT_SIGNED'));
      const person = new TestSigner(application.nodes[0]!, { request_id: id, exchange_code: code, ...rest });
      await person.proceed();
      expect(await refusal(id, code)).toEqual(refused('DOCUMENT_NOT_SIGNED'));
      await person.reject();
      await application.dataSource.query('UPDATE sign_request SET expires_at = clock_timestamp() WHERE id = $1', [id]);
      expect(await refusal(id, code)).toEqual(refused('REQUEST_EXPIRED'));
      await callCancel(application.url, party, id);
      expect(await refusal(id, code)).toEqual(refused('REQUEST_CANCELLED'));
    });

    it('has the same name in the document, whatever the phone called the signer', async () => {
      const { request_id, exchange_code, signing_url } = await begin();
      const portal = new PortalVisitor(application.url, signer);
      const phone = phoneIn(await portal.press(signing_url, await portal.logIn(signing_url), 'proceed'));
      const renamed = new PortalVisitor(application.url, { ...signer, name: 'Mallory Other' });
      await renamed.press(phone, await renamed.logIn(phone), 'approve');
      const { body } = await resultOf(request_id, exchange_code);
      expect(body.signer_info.signer_name).toBe('Alice Tan');
      const document = ((await fetchDocument(body.signed_doc_url)).body as Buffer).toString('latin1');
      expect(document).toContain('/Name (Alice Tan)');
      expect(document).not.toContain('Mallory');
    });

    it('finds no record for a wrong code, an unknown id or another client', async () => {
      const { request_id: id, exchange_code: code } = await signed();
      const other = await registerRelyingParty(application.dataSource, tenantId);
      const none = refused('CLIENT_SIDE_ERROR');
      for (const wrong of [randomUUID(), undefined, 7, '']) expect(await refusal(id, wrong)).toEqual(none);
      for (const unknown of ['signv3-unknown', 'a%00b']) expect(await refusal(unknown, code)).toEqual(none);
      expect(await refusal(id, code, 'signed-doc', other)).toEqual(none);
    });

    it('needs a token that serves once', async () => {
      const { request_id, exchange_code } = await signed();
      const call = request(application.url).get(`/api/v3/sign-requests/${request_id}/signed-doc`);
      await call.set('authorization', await party.token({ exchange_code })).expect(401);
    });

    it('gives nothing for a link that is not ours', async () => {
      const { status, body } = await request(application.url).get('/api/v3/signed-documents/nonsense');
      expect({ status, error: body.error }).toEqual({ status: 404, error: 'LINK_INVALID' });
    });
  });

  describe('the webhook', () => {
    const verify = (token: string) =>
      jwtVerify(token, createRemoteJWKSet(new URL(`${application.url}/.well-known/keys.json`)));

    it('carries the signature in a token that the published keys verify', async () => {
      const { request_id } = await signed();
      const [call] = await webhooks(request_id);
      const { payload, protectedHeader } = await verify(tokenIn(call!));
      expect(protectedHeader).toMatchObject({ alg: 'ES256', typ: 'webhook+jwt' });
      expect(payload).toEqual({
        iss: 'http://localhost:3000',
        aud: party.clientId,
        request_type: 'signed_doc_url',
        signed_doc_url: expect.any(String),
        request_id,
        signer_info: { signer_name: 'Alice Tan', signer_partial_uinfin: '111A', signed_at: expect.any(Number) },
        iat: expect.any(Number),
        exp: payload.iat! + 120,
      });
      await fetchDocument(payload.signed_doc_url as string).expect(200);
      expect(await queue(request_id)).toMatchObject({ state: 'delivered', attempts: 1 });
    });

    it('is tried three times with a fresh token, then kept as failed, and can be sent again', async () => {
      receiver.answer(500);
      const { request_id } = await signed();
      const failed = await queue(request_id);
      expect(failed).toMatchObject({ state: 'failed', attempts: 3 });
      const calls = await webhooks(request_id, 3);
      expect(new Set(calls.map(tokenIn)).size).toBe(3);
      for (const [index, { at }] of calls.entries())
        if (index > 0) expect(at - calls[index - 1]!.at).toBeGreaterThan(1_900);

      receiver.answer(200);
      await request(application.url)
        .post(`/admin/v1/deliveries/${failed.id}/redeliver`)
        .auth(testAdminToken, { type: 'bearer' })
        .expect(204);
      await webhooks(request_id, 4);
      expect(await queue(request_id)).toMatchObject({ state: 'delivered' });
    });

    it('takes a redirect for a failure, and does not follow it', async () => {
      receiver.answer(200, 302);
      const { request_id } = await signed();
      expect(await queue(request_id)).toMatchObject({ state: 'delivered', attempts: 2 });
      expect(receiver.calls.map(({ path }) => path)).toEqual(['/hook', '/hook']);
    });

    it('sends nothing to another tenant that has the same client now, which an earlier version let it register', async () => {
      const other = await registerTenant(application.dataSource);
      const own = await registerRelyingParty(application.dataSource, tenantId);
      const { clientId } = own;
      const hearAt = (path: string) =>
        application.dataSource.query('UPDATE relying_party SET webhook_url = $1 WHERE client_id = $2', [
          `${receiver.url}${path}`,
          clientId,
        ]);
      await hearAt('/hook');
      receiver.answer(200, 500);
      const { request_id, signing_url } = await initiate(application.url, own);
      await new PortalVisitor(application.url, signer).sign(signing_url);
      await receiver.received('/hook');
      await request(application.url)
        .delete(`/admin/v1/tenants/${tenantId}/relying-parties/${clientId}`)
        .auth(testAdminToken, { type: 'bearer' })
        .expect(204);
      await application.dataSource.query('DELETE FROM retired_id WHERE id = $1', [clientId]);
      await registerRelyingParty(application.dataSource, other.id, own);
      await hearAt('/other');
      expect(await queue(request_id)).toMatchObject({ state: 'abandoned', attempts: 2 });
      expect(receiver.calls.map(({ path }) => path)).toEqual(['/hook']);
    });

    it('sends nothing of a request that was cancelled', async () => {
      const { request_id } = await begin();
      await callCancel(application.url, party, request_id);
      const rows = await application.dataSource.query<object[]>('SELECT 1 FROM delivery WHERE approval_id = $1', [
        request_id,
      ]);
      expect(rows).toEqual([]);
    });
  });

  describe('our keys', () => {
    const published = async () =>
      (await request(application.url).get('/.well-known/keys.json').expect(200)).body.keys as {
        kid: string;
        d?: string;
      }[];

    it('are rotated by the administrator, and the old ones stay published', async () => {
      const old = await published();
      const rotated = await request(application.url)
        .post('/admin/v1/keys/rotate')
        .auth(testAdminToken, { type: 'bearer' })
        .expect(201);
      const keys = await published();
      expect(keys.map(({ kid }) => kid)).toEqual(
        expect.arrayContaining([...old.map(({ kid }) => kid), rotated.body.kid, rotated.body.webhookKid]),
      );
      expect(keys).toHaveLength(4);
      expect(keys.some(({ d }) => d !== undefined)).toBe(false);

      const past = 'UPDATE signing_key SET retired_at = retired_at - $1::interval WHERE retired_at IS NOT NULL';
      await application.dataSource.query(past, ['10 seconds']);
      const signer = await eventually(async () => {
        const { request_id } = await signed();
        const [call] = await webhooks(request_id);
        const { kid } = decodeProtectedHeader(tokenIn(call!));
        return kid === rotated.body.webhookKid && kid;
      });
      expect(signer).toBe(rotated.body.webhookKid);

      await application.dataSource.query(past, ['1 day']);
      await eventually(async () => (await published()).length === 2);
    });
  });

  it('is forgotten some time after its end: the documents, not what became of the request', async () => {
    const [old, recent] = [await signed(), await signed()];
    const unsigned = await begin();
    const age = `UPDATE sign_request SET ended_at = ended_at - $2::interval, expires_at = expires_at - $2::interval WHERE id = ANY($1)`;
    await application.dataSource.query(age, [[old.request_id, unsigned.request_id], '31 days']);
    await application.dataSource.query(age, [[recent.request_id], '29 days']);
    await application.nodes[0]!.app.get(DocumentRetention).deleteOld();
    const kept = await application.dataSource.query<{ id: string }[]>(
      'SELECT DISTINCT sign_request_id AS id FROM sign_document WHERE sign_request_id = ANY($1)',
      [[old.request_id, recent.request_id, unsigned.request_id]],
    );
    expect(kept).toEqual([{ id: recent.request_id }]);
    expect(await refusal(old.request_id, old.exchange_code)).toEqual(refused('DOCUMENT_DELETED'));
    expect((await callCancel(application.url, party, old.request_id)).body.error).toBe('DOCUMENT_ALREADY_SIGNED');
  });
});
