import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import request, { type Test } from 'supertest';
import { openApplication, testAdminToken, type TestApplication } from '../support/test-app';

describe('a body', () => {
  let application: TestApplication;
  beforeAll(async () => {
    application = await openApplication();
  });
  afterAll(() => application.close());

  const send = (path: string, headers: Record<string, string>, body: Buffer): Test =>
    request(application.url)
      .post(path)
      .set({ Authorization: `Bearer ${testAdminToken}`, ...headers })
      .serialize(() => body as unknown as string)
      .send({});
  const json = (headers: Record<string, string>, body: Buffer) =>
    send('/admin/v1/tenants', { 'Content-Type': 'application/json', ...headers }, body);

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('may be compressed with %s', async (encoding, compress) => {
    await json({ 'Content-Encoding': encoding }, compress(`{"id":"by-${encoding}"}`)).expect(201);
  });

  it.each(['zip', 'gzip, gzip', 'gzip, identity'])('may not be encoded as %j, which is said', async (encoding) => {
    const { body } = await json({ 'Content-Encoding': encoding }, gzipSync('{"id":"acme"}')).expect(415);
    expect(body.detail).toBe('The body must be plain, or compressed once with gzip, deflate or br.');
  });

  it.each(['utf-16', 'utf-16le', 'utf-7', 'latin1', 'nothing'])('may not be in %s, which is said', async (charset) => {
    const bytes = Buffer.from('{"id":"acme"}', charset.startsWith('utf-16') ? 'utf16le' : 'utf8');
    const { body } = await json({ 'Content-Type': `application/json; charset=${charset}` }, bytes).expect(415);
    expect(body.detail).toBe('The body must be in UTF-8.');
  });

  it('that is a form may not be in Latin-1 either', async () => {
    const type = { 'Content-Type': 'application/x-www-form-urlencoded; charset=iso-8859-1' };
    const answer = await send('/auth/realms/acme/protocol/openid-connect/token', type, Buffer.from('a=b')).expect(400);
    expect(answer.body.error_description).toBe('The body must be in UTF-8');
  });

  it('that is not the UTF-8 it says it is, is refused with that reason', async () => {
    const { body } = await json({ 'Content-Type': 'application/json; charset=UTF-8' }, Buffer.from([0x22, 0xff, 0x22]));
    expect(body).toMatchObject({ status: 400, detail: 'The body is not valid UTF-8.' });
  });
});
