import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { registerTenant } from '../support/fixtures';
import { openApplication, type TestApplication } from '../support/test-app';

describe('a request', () => {
  let application: TestApplication;
  beforeAll(async () => {
    application = await openApplication();
  });
  afterAll(() => application.close());

  const open = (): Socket => {
    const { port } = application.nodes[0]!.app.getHttpServer().address() as AddressInfo;
    return connect(port, '127.0.0.1');
  };

  /** What is answered to these bytes before the connection ends, taken apart. */
  const send = async (bytes: string): Promise<{ status: number; headers: Record<string, string>; body: string }> => {
    const socket = open();
    socket.write(bytes, 'latin1');
    const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
    const [line = '', ...fields] = head.split('\r\n');
    const pairs = fields.map((field) => field.split(': ', 2) as [string, string]);
    const headers = Object.fromEntries(pairs.map(([name, value]) => [name.toLowerCase(), value]));
    return { status: Number(line.split(' ')[1]), headers, body };
  };

  const problem = (status: number) => expect.objectContaining({ type: 'about:blank', status });
  const sign = { error: 'INVALID_REQUEST', error_description: 'The request is not valid HTTP.' };
  const otp = (status: number, code: string) => ({
    meta: { requestId: 'req-1', timestamp: expect.any(String) },
    error: { status, code, message: expect.any(String) },
  });

  it.each<[string, string, number, unknown]>([
    ['of an unknown method', 'FOO /otp/cancel HTTP/1.1', 405, otp(405, 'METHOD_NOT_ALLOWED')],
    ['of an unknown method to nowhere', 'FOO /otp/nothing/here HTTP/1.1', 400, otp(400, 'BAD_REQUEST')],
    ['of another HTTP', 'POST /otp/cancel HTTP/9.1', 400, otp(400, 'BAD_REQUEST')],
    ['with a space in its address', 'GET /api/v3/a b HTTP/1.1', 400, sign],
    ['with a header that is none', 'POST /otp/cancel HTTP/1.1\r\nno header', 400, otp(400, 'BAD_REQUEST')],
    ['of two lengths', 'POST /api/v3/x HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2', 400, sign],
    ['with much in its headers', `GET /otp HTTP/1.1\r\nX: ${'x'.repeat(200_000)}`, 431, otp(431, 'BAD_REQUEST')],
    ['that is TLS', '\x16\x03\x01\x02\x00', 400, problem(400)],
  ])('%s is answered in the envelope of its path, with an id', async (_, lines, status, body) => {
    const [first, ...more] = lines.split('\r\n');
    const answer = await send([first, 'Host: test', 'X-Request-Id: req-1', ...more, '', ''].join('\r\n'));
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toEqual(body);
    expect(answer.headers['x-request-id']).toMatch(/^[\w.-]{1,128}$/);
    expect(answer.headers.connection).toBe('close');
  });

  it('whose head comes in many packets is answered in the envelope of its path', async () => {
    const socket = open();
    const answer = text(socket);
    socket.write('POST /otp/cancel HTTP/1.1\r\nHost: test\r\nX-Request-Id: req-1\r\n');
    for (let sent = 0; sent < 200_000 && socket.writable; sent += 1_000) {
      socket.write(`X: ${'x'.repeat(996)}\r\n`);
      await setImmediate();
    }
    expect(await answer).toMatch(/^HTTP\/1.1 431 .*"BAD_REQUEST"/s);
  });

  it('of an unknown method is answered with the allowed ones', async () => {
    const { headers } = await send('FOO /api/v3/sign-requests/cancel HTTP/1.1\r\nHost: test\r\n\r\n');
    expect(headers.allow).toBe('POST');
  });

  it.each(['1.0', '1.1'])('that names no host is refused in HTTP/%s too', async (version) => {
    const { status, body } = await send(`POST /api/v3/x HTTP/${version}\r\nConnection: close\r\n\r\n`);
    expect(status).toBe(400);
    expect(JSON.parse(body)).toEqual({ error: 'INVALID_REQUEST', error_description: 'The request names no host.' });
    expect((await send(`GET /health/live HTTP/${version}\r\nConnection: close\r\n\r\n`)).status).toBe(200);
  });

  it.each([
    ['two hosts', '/otp/cancel', ['Host: a.localhost', 'Host: b.localhost']],
    ['the same host twice', '/otp/cancel', ['Host: a.localhost', 'host: a.localhost']],
    ['an address on another host', 'http://b.localhost/otp/cancel', ['Host: a.localhost']],
    ['an address on another port', 'http://a.localhost:81/otp/cancel', ['Host: a.localhost:80']],
    ['a host that is none', '/otp/cancel', ['Host: a b']],
  ])('that names %s is refused in the envelope of its path', async (_, target, hosts) => {
    const { status, body } = await send(
      [`POST ${target} HTTP/1.1`, ...hosts, 'X-Request-Id: req-1', 'Connection: close', '', ''].join('\r\n'),
    );
    expect({ status, body: JSON.parse(body) }).toEqual({ status: 400, body: otp(400, 'BAD_REQUEST') });
  });

  it.each(['http://a.localhost/otp/cancel', 'HTTP://A.localhost:80/otp/cancel'])(
    'to %s on that host is served like any other',
    async (target) => {
      const lines = [`POST ${target} HTTP/1.1`, 'Host: a.localhost', 'Connection: close', '', ''];
      expect((await send(lines.join('\r\n'))).status).toBe(401);
    },
  );

  it('whose body breaks off into nonsense is answered in the envelope of its path', async () => {
    const { token } = await registerTenant(application.dataSource);
    const lines = ['POST /otp/cancel HTTP/1.1', 'Host: test', 'Content-Type: application/json'];
    lines.push(`x-tenant-token: ${token}`, 'X-Request-Id: req-1', 'Transfer-Encoding: chunked', '', 'nonsense', '');
    const answer = await send(lines.join('\r\n'));
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toEqual(otp(400, 'BAD_REQUEST'));
    expect(answer.headers['x-request-id']).toBe('req-1');
  });

  it('that expects anything else is served', async () => {
    const lines = ['GET /health/live HTTP/1.1', 'Host: test', 'Expect: the-unexpected', 'Connection: close', '', ''];
    expect((await send(lines.join('\r\n'))).status).toBe(200);
  });

  describe('with Expect: 100-continue', () => {
    const upload = (...more: string[]) => [
      'Host: test',
      'Content-Length: 2',
      'Content-Type: application/json',
      'Expect: 100-continue',
      ...more,
      '',
      '',
    ];

    it('is refused without 100 Continue where it may not be made', async () => {
      const answer = await send(['POST /otp/cancel HTTP/1.1', ...upload()].join('\r\n'));
      expect(answer.status).toBe(401);
      expect(answer.headers.connection).toBe('close');
    });

    it('is answered 100 Continue where it may be made', async () => {
      const { token } = await registerTenant(application.dataSource);
      const socket = open();
      const lines = upload(`x-tenant-token: ${token}`, 'Connection: close');
      socket.write(['POST /otp/cancel HTTP/1.1', ...lines].join('\r\n'));
      const [word] = (await once(socket, 'data')) as [Buffer];
      expect(word.toString()).toBe('HTTP/1.1 100 Continue\r\n\r\n');
      socket.write('{}');
      expect(await text(socket)).toMatch(/^HTTP\/1.1 400 .*VALIDATION_ERROR/s);
    });
  });
});
