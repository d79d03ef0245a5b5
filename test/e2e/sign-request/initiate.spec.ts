import { type Response } from 'supertest';
import request from 'supertest';
import { randomUUID } from 'node:crypto';
import { PortalRepository } from '../../../src/sign-request/portal/portal.repository';
import { registerTenant, type TestRelyingParty } from '../../support/fixtures';
import { type JWTPayload } from 'jose';
import { readMadeByOthers } from '../../support/pdf/made-by-others';
import { callInitiate, sampleLocations, samplePdf } from '../../support/sign-requests';
import { openApplication, type TestApplication } from '../../support/test-app';

const tenMegabytes = 10 * 1024 * 1024;

describe('POST /api/v3/sign-requests', () => {
  let application: TestApplication;
  let party: TestRelyingParty;
  beforeAll(async () => {
    application = await openApplication({ publicUrl: 'https://sign.example' });
    ({ relyingParty: party } = await registerTenant(application.dataSource));
  });
  afterAll(() => application.close());

  const initiate = (claims: JWTPayload = {}, document?: Buffer) =>
    callInitiate(application.url, party, claims, document);
  const send = async (type: string | undefined, document: Buffer, claims: JWTPayload = {}) => {
    const sound = { doc_name: 'Lease.pdf', sign_locations: sampleLocations, jti: randomUUID(), ...claims };
    const call = request(application.url)
      .post('/api/v3/sign-requests')
      .set('authorization', await party.token(sound));
    return type === undefined ? call.send(document) : call.set('content-type', type).send(document);
  };
  const error = ({ status, body }: Response) => ({ status, error: body.error as string });

  it('answers with the request, where to sign it, and a code for its result', async () => {
    const { status, body } = await initiate();
    const uuid = (version: number) => `[\\da-f]{8}-[\\da-f]{4}-${version}[\\da-f]{3}-[89ab][\\da-f]{3}-[\\da-f]{12}`;
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        request_id: expect.stringMatching(`^signv3-${uuid(7)}$`),
        signing_url: expect.stringMatching(/^https:\/\/sign\.example\/sign\/[\w-]{43}$/),
        exchange_code: expect.stringMatching(`^${uuid(4)}$`),
      },
    });
  });

  it('keeps the document as it was sent, and neither the link nor the code', async () => {
    const { body } = await initiate();
    const [kept] = await application.dataSource.query<{ tenantId: string; request: string }[]>(
      `SELECT tenant_id AS "tenantId", row_to_json(sign_request)::text AS request FROM sign_request WHERE id = $1`,
      [body.request_id],
    );
    const key = { tenantId: kept!.tenantId, id: body.request_id };
    const document = await application.nodes[0]!.app.get(PortalRepository).document(key, 'original');
    expect(document!.equals(samplePdf)).toBe(true);
    expect(kept!.request).not.toContain(body.exchange_code);
    expect(kept!.request).not.toContain((body.signing_url as string).split('/').at(-1));
  });

  it('gives the request thirty minutes', async () => {
    const { body } = await initiate();
    const [{ seconds }] = await application.dataSource.query<[{ seconds: string }]>(
      `SELECT extract(epoch FROM expires_at - at) AS seconds FROM sign_request
       JOIN history ON approval = id WHERE id = $1`,
      [body.request_id],
    );
    expect(Number(seconds)).toBe(1_800);
  });

  it('takes the older form of one location', async () => {
    const { status } = await initiate({ sign_locations: undefined, x: 0.5, y: 0.5, page: 1 });
    expect(status).toBe(200);
  });

  it.each(['application/octet-stream', 'application/pdf', 'application/pdf; charset=binary'])(
    'takes %s',
    async (type) => {
      expect((await send(type, samplePdf)).status).toBe(200);
    },
  );

  it.each(['application/json', 'multipart/form-data; boundary=a', 'text/plain', 'nonsense', undefined])(
    'does not take %s',
    async (type) => {
      expect(error(await send(type, samplePdf))).toEqual({ status: 415, error: 'UNSUPPORTED_MEDIA_TYPE' });
    },
  );

  const claims: [string, JWTPayload, string, string][] = [
    ['no doc_name', { doc_name: undefined }, 'INVALID_REQUEST', 'The claim doc_name is missing'],
    ['no locations', { sign_locations: undefined }, 'INVALID_REQUEST', 'The claim sign_locations is missing'],
    ['a bad hash', { signer_uin_hash: 'x' }, 'INVALID_REQUEST', 'The claim signer_uin_hash must be a SHA-256 in hex'],
    [
      'x = 1',
      { sign_locations: [{ x: 1, y: 0, page: 1 }] },
      'INVALID_SIGN_LOCATION',
      'sign_locations[0].x must be at least 0 and less than 1',
    ],
    [
      'page 2 of 1',
      { sign_locations: [...sampleLocations, { x: 0, y: 0, page: 2 }] },
      'INVALID_SIGN_LOCATION',
      'sign_locations[1]: There is no page 2; the document has 1 page.',
    ],
    [
      'a box that leaves the page',
      { sign_locations: [{ x: 0.9, y: 0, page: 1 }] },
      'INVALID_SIGN_LOCATION',
      'sign_locations[0]: The box at (0.9, 0) leaves the page.',
    ],
  ];
  it.each(claims)('refuses %s', async (_, change, error, error_description) => {
    const { status, body } = await initiate(change);
    expect({ status, body }).toEqual({ status: 400, body: { error, error_description } });
  });

  const documents: [string, Buffer][] = [
    ['nothing', Buffer.alloc(0)],
    ['no PDF', Buffer.from('hello')],
    ['an encrypted PDF', readMadeByOthers('qpdf-encrypted.pdf')],
    ['half a PDF', samplePdf.subarray(0, samplePdf.length / 2)],
  ];
  it.each(documents)('refuses %s', async (_, document) => {
    expect(error(await initiate({}, document))).toEqual({ status: 400, error: 'INVALID_DOCUMENT' });
  });

  it('takes ten megabytes, and not a byte more', async () => {
    const padded = (length: number) => {
      const end = samplePdf.lastIndexOf('startxref');
      const padding = Buffer.alloc(length - samplePdf.length, '%\n');
      padding[padding.length - 1] = 0x0a;
      return Buffer.concat([samplePdf.subarray(0, end), padding, samplePdf.subarray(end)]);
    };
    expect((await initiate({}, padded(tenMegabytes))).status).toBe(200);
    expect(error(await initiate({}, padded(tenMegabytes + 1)))).toEqual({ status: 413, error: 'INVALID_DOCUMENT' });
  });

  it('needs a token that serves once', async () => {
    expect(error(await initiate({ jti: undefined }))).toEqual({ status: 401, error: 'UNAUTHORIZED' });
    const jti = randomUUID();
    expect((await initiate({ jti })).status).toBe(200);
    expect(error(await initiate({ jti }))).toEqual({ status: 401, error: 'UNAUTHORIZED' });
  });
});
