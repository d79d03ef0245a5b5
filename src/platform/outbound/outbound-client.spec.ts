import 'reflect-metadata';
import { X509CertificateGenerator } from '@peculiar/x509';
import { KeyObject, webcrypto } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import {
  type AddressInfo,
  createServer as createTcpServer,
  type LookupFunction,
  type Server,
  type Socket,
} from 'node:net';
import { OutboundClient, type OutboundRequest } from './outbound-client';
import { OutboundFailed, OutboundRefused, OutboundTimeout, OutboundTooLarge } from './outbound-target';

const client = new OutboundClient({ allowPrivateTargets: true });
const publicOnly = new OutboundClient({ allowPrivateTargets: false });

const open: Running[] = [];

interface Running {
  server: Server;
  sockets: Set<Socket>;
}

async function stop({ server, sockets }: Running): Promise<void> {
  for (const socket of sockets) socket.destroy();
  server.close();
  await once(server, 'close');
}

/** Starts a server on a free port of loopback, stopped after the test. */
async function listen(server: Server) {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push({ server, sockets });
  return { port: (server.address() as AddressInfo).port, sockets };
}

const serve = (listener: RequestListener) => listen(createServer(listener));

/** A server below HTTP: writes these bytes to each client that has sent something. */
const serveBytes = (act: (socket: Socket) => void) =>
  listen(
    createTcpServer((socket) => {
      socket.once('data', () => {
        act(socket);
      });
    }),
  );

/** Waits until the other side has hung up. */
async function closed(socket: Socket): Promise<void> {
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
}

function get(url: string, more: Partial<OutboundRequest> = {}): OutboundRequest {
  return { url, method: 'GET', timeoutSeconds: 5, maxResponseBytes: 1024, ...more };
}

async function selfSigned() {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned(
    { name: 'CN=127.0.0.1', keys, signingAlgorithm: algorithm },
    webcrypto,
  );
  const key = KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' });
  return { cert: certificate.toString('pem'), key };
}

afterEach(async () => {
  for (const running of open.splice(0)) await stop(running);
});

describe('a call', () => {
  it('sends method, headers and body, and brings back status, headers and body', async () => {
    const { port } = await serve((request, response) => {
      const sent: Buffer[] = [];
      request.on('data', (chunk: Buffer) => sent.push(chunk));
      request.on('end', () => {
        response.writeHead(202, { 'x-seen': request.headers['x-trace'] });
        response.end(
          `${request.method} ${request.url} ${request.headers.connection} ${Buffer.concat(sent).toString()}`,
        );
      });
    });
    const answer = await client.request(
      get(`http://127.0.0.1:${port}/hook?a=1#part`, { method: 'POST', headers: { 'X-Trace': 't1' }, body: 'grüezi' }),
    );
    expect(answer.status).toBe(202);
    expect(answer.headers['x-seen']).toBe('t1');
    expect(answer.body.toString()).toBe('POST /hook?a=1 close grüezi');
  });

  it('opens a connection of its own each time and leaves none behind', async () => {
    const { port, sockets } = await serve((_request, response) => response.end());
    await client.request(get(`http://127.0.0.1:${port}/`));
    await client.request(get(`http://127.0.0.1:${port}/`));
    expect(sockets.size).toBe(2);
    for (const socket of sockets) await closed(socket);
  });

  it('is broken off by its signal, at once', async () => {
    const { port, sockets } = await serve(() => undefined);
    const caller = new AbortController();
    const call = client.request(get(`http://127.0.0.1:${port}/`, { signal: caller.signal }));
    const refused = expect(call).rejects.toThrow(OutboundFailed);
    await new Promise((resolve) => setImmediate(resolve));
    caller.abort();
    await refused;
    for (const socket of sockets) await closed(socket);
    await expect(client.request(get(`http://127.0.0.1:${port}/`, { signal: caller.signal }))).rejects.toThrow();
  });

  it('returns a redirect and does not follow it', async () => {
    const asked: (string | undefined)[] = [];
    const { port } = await serve((request, response) => {
      asked.push(request.url);
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    const answer = await client.request(get(`http://127.0.0.1:${port}/here`));
    expect([answer.status, answer.headers.location, asked]).toEqual([302, '/elsewhere', ['/here']]);
  });

  it('returns a server error as an answer', async () => {
    const { port } = await serve((_request, response) => response.writeHead(503).end('later'));
    await expect(client.request(get(`http://127.0.0.1:${port}/`))).resolves.toMatchObject({ status: 503 });
  });
});

describe('private targets', () => {
  it.each(['127.0.0.1', 'localhost', '2130706433', '[::ffff:127.0.0.1]'])(
    'are refused when %s names one literally, before any connection',
    async (host) => {
      const { port, sockets } = await serve((_request, response) => response.end());
      await expect(publicOnly.request(get(`http://${host}:${port}/`))).rejects.toThrow(OutboundRefused);
      expect(sockets.size).toBe(0);
    },
  );

  it('are refused when a name resolves to one, judging the one answer that the socket would use', async () => {
    const { port, sockets } = await serve((_request, response) => response.end());
    let lookups = 0;
    const toLoopback: LookupFunction = (_host, options, answer) => {
      lookups += 1;
      if (options.all) answer(null, [{ address: '127.0.0.1', family: 4 }]);
      else answer(null, '127.0.0.1', 4);
    };
    const call = get(`http://rebinding.example.org:${port}/`);
    await expect(new OutboundClient({ allowPrivateTargets: false }, toLoopback).request(call)).rejects.toThrow(
      OutboundRefused,
    );
    expect([lookups, sockets.size]).toEqual([1, 0]);

    const permissive = new OutboundClient({ allowPrivateTargets: true }, toLoopback);
    await expect(permissive.request(call)).resolves.toMatchObject({ status: 200 });
  });
});

describe('the deadline', () => {
  const hasty = { timeoutSeconds: 0.1 };

  it('covers name resolution', async () => {
    const stalled = new OutboundClient({ allowPrivateTargets: true }, () => undefined);
    await expect(stalled.request(get('http://rp.example.org/', hasty))).rejects.toThrow(OutboundTimeout);
  });

  it('covers the TLS handshake', async () => {
    const { port } = await serveBytes(() => undefined);
    await expect(client.request(get(`https://127.0.0.1:${port}/`, hasty))).rejects.toThrow(OutboundTimeout);
  });

  it('covers the wait for headers', async () => {
    const { port } = await serve(() => undefined);
    await expect(client.request(get(`http://127.0.0.1:${port}/`, hasty))).rejects.toThrow(OutboundTimeout);
  });

  it('covers a body that never ends, and closes the connection', async () => {
    const { port, sockets } = await serve((_request, response) => {
      const drip = setInterval(() => response.write('.'), 5);
      response.on('close', () => {
        clearInterval(drip);
      });
    });
    await expect(client.request(get(`http://127.0.0.1:${port}/`, hasty))).rejects.toThrow(OutboundTimeout);
    for (const socket of sockets) await closed(socket);
  });
});

describe('the size limit', () => {
  it('lets a body of just that size through', async () => {
    const { port } = await serve((_request, response) => response.end('x'.repeat(1024)));
    const { body } = await client.request(get(`http://127.0.0.1:${port}/`));
    expect(body).toHaveLength(1024);
  });

  it('stops an endless body and closes the connection', async () => {
    const { port, sockets } = await serve((_request, response) => {
      const pour = (): void => {
        while (!response.destroyed && response.write('x'.repeat(500)));
      };
      response.on('drain', pour);
      pour();
    });
    await expect(client.request(get(`http://127.0.0.1:${port}/`))).rejects.toThrow(OutboundTooLarge);
    for (const socket of sockets) await closed(socket);
  });
});

describe('a failure', () => {
  it('is reported when no server listens', async () => {
    const { port } = await serve(() => undefined);
    await stop(open.pop()!);
    await expect(client.request(get(`http://localhost:${port}/`))).rejects.toThrow(
      /^localhost:\d+ could not be reached: .*ECONNREFUSED/,
    );
  });

  it.each([
    ['no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['nothing at all', ''],
    ['less than announced', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc'],
    ['headers without end', `HTTP/1.1 200 OK\r\nX-Long: ${'x'.repeat(64 * 1024)}`],
    ['a switch of protocols', 'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n'],
  ])('is reported when the server sends %s', async (_, bytes) => {
    const { port } = await serveBytes((socket) => socket.end(bytes));
    await expect(client.request(get(`http://127.0.0.1:${port}/`))).rejects.toThrow(OutboundFailed);
  });

  it('is reported when the certificate is not trusted, with nothing sent', async () => {
    const asked: unknown[] = [];
    const { port } = await listen(createTlsServer(await selfSigned(), (request) => asked.push(request)));
    await expect(client.request(get(`https://127.0.0.1:${port}/`))).rejects.toThrow(OutboundFailed);
    expect(asked).toEqual([]);
  });

  it('names the host but neither path nor query', async () => {
    const { port } = await serveBytes((socket) => socket.destroy());
    const failure = client.request(get(`http://127.0.0.1:${port}/hook/s3cret?key=s3cret`));
    await expect(failure).rejects.toThrow(`127.0.0.1:${port}`);
    await expect(failure).rejects.not.toThrow('s3cret');
  });
});
