import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { OutboundClient } from '../../platform/outbound/outbound-client';
import { OutboundRefused, OutboundTooLarge } from '../../platform/outbound/outbound-target';
import { JwksCache, JwksNotServed } from './jwks-cache';
import { InvalidJwks } from './parse-jwks';

const publicJwk = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });

/** Answers with a set of these kids. */
const serving =
  (...kids: string[]): RequestListener =>
  (_request, response) =>
    response.end(JSON.stringify({ keys: kids.map((kid) => ({ ...publicJwk, kid })) }));
const down: RequestListener = (_request, response) => response.writeHead(503).end();

let server: Server;
let url: string;
/** What the endpoint does now, and how often it has been asked. */
let endpoint: RequestListener;
let fetches: number;
let nowSeconds: number;
let failures: unknown[];
let cache: JwksCache;

beforeEach(async () => {
  fetches = 0;
  failures = [];
  nowSeconds = 1_000_000;
  server = createServer((request, response) => {
    fetches += 1;
    endpoint(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
  cache = cacheOver(new OutboundClient({ allowPrivateTargets: true }));
});

afterEach(async () => {
  server.close();
  await once(server, 'close');
});

function cacheOver(outbound: OutboundClient, limit?: number): JwksCache {
  return new JwksCache(outbound, {
    limit,
    now: () => nowSeconds * 1000,
    onFailure: (jwksUrl, error) => failures.push([jwksUrl, error]),
  });
}

describe('a key set that was fetched', () => {
  it('serves for an hour without asking again', async () => {
    endpoint = serving('a', 'b');
    expect(await cache.keyFor(url, 'a')).toMatchObject({ kid: 'a', algorithms: ['ES256'] });
    nowSeconds += 3599;
    const again = await cache.keyFor(url, 'b');
    expect([again?.kid, fetches]).toEqual(['b', 1]);
  });

  it('is the same key object each time', async () => {
    endpoint = serving('a');
    const first = await cache.keyFor(url, 'a');
    expect((await cache.keyFor(url, 'a'))?.key).toBe(first?.key);
  });

  it('is fetched afresh after an hour, and a key withdrawn by then no longer serves', async () => {
    endpoint = serving('a');
    await cache.keyFor(url, 'a');
    endpoint = serving('b');
    nowSeconds += 3600;
    expect(await cache.keyFor(url, 'a')).toBeUndefined();
    expect(fetches).toBe(2);
  });

  it('does not outlive its hour because the endpoint is down', async () => {
    endpoint = serving('a');
    await cache.keyFor(url, 'a');
    endpoint = down;
    nowSeconds += 3600;
    expect(await cache.keyFor(url, 'a')).toBeUndefined();
  });

  it('is kept apart by URL', async () => {
    endpoint = (request, response) => {
      serving(request.url === '/jwks' ? 'a' : 'b')(request, response);
    };
    expect((await cache.keyFor(url, 'a'))?.kid).toBe('a');
    expect((await cache.keyFor(`${url}2`, 'b'))?.kid).toBe('b');
    expect(await cache.keyFor(`${url}2`, 'a')).toBeUndefined();
  });

  it('answers a token without kid from a single key only, and does not refetch for it', async () => {
    endpoint = serving('a', 'b');
    expect(await cache.keyFor(url, undefined)).toBeUndefined();
    expect(await cache.keyFor(url, undefined)).toBeUndefined();
    expect(fetches).toBe(1);
    endpoint = serving('a');
    expect((await cache.keyFor(`${url}2`, undefined))?.kid).toBe('a');
  });
});

describe('an unknown kid', () => {
  it('brings in a rotated key at once', async () => {
    endpoint = serving('old');
    await cache.keyFor(url, 'old');
    endpoint = serving('old', 'new');
    expect((await cache.keyFor(url, 'new'))?.kid).toBe('new');
  });

  it('is asked for at most once in 30 s, while known keys go on serving', async () => {
    endpoint = serving('a');
    await cache.keyFor(url, 'a');
    for (const kid of ['x', 'y', 'z']) expect(await cache.keyFor(url, kid)).toBeUndefined();
    expect([fetches, (await cache.keyFor(url, 'a'))?.kid]).toEqual([2, 'a']);
    nowSeconds += 29;
    await cache.keyFor(url, 'x');
    expect(fetches).toBe(2);
    nowSeconds += 1;
    await cache.keyFor(url, 'x');
    expect(fetches).toBe(3);
  });

  it('drops no key when the endpoint fails, and is asked for again after 30 s only', async () => {
    endpoint = serving('a');
    await cache.keyFor(url, 'a');
    endpoint = down;
    expect(await cache.keyFor(url, 'x')).toBeUndefined();
    const asked = fetches;
    nowSeconds += 29;
    expect(await cache.keyFor(url, 'x')).toBeUndefined();
    expect([fetches, (await cache.keyFor(url, 'a'))?.kid]).toEqual([asked, 'a']);
  });
});

describe('callers at the same time', () => {
  it('share one fetch', async () => {
    endpoint = serving('a', 'b');
    const kids = ['a', 'b', 'a', undefined, 'x'];
    const found = await Promise.all(kids.map((kid) => cache.keyFor(url, kid)));
    expect(found.map((key) => key?.kid)).toEqual(['a', 'b', 'a', undefined, undefined]);
    expect(fetches).toBe(1);
  });

  it('share one failure, which is reported once', async () => {
    endpoint = down;
    const found = await Promise.all(['a', 'a', 'b'].map((kid) => cache.keyFor(url, kid)));
    expect(found).toEqual([undefined, undefined, undefined]);
    expect([fetches, failures]).toEqual([3, [[url, expect.any(JwksNotServed)]]]);
  });
});

describe('an endpoint that fails', () => {
  it('is tried three times', async () => {
    endpoint = (request, response) => {
      if (fetches === 1) request.socket.destroy();
      else (fetches === 2 ? down : serving('a'))(request, response);
    };
    expect((await cache.keyFor(url, 'a'))?.kid).toBe('a');
    expect([fetches, failures]).toEqual([3, []]);
  });

  it('is not asked again for 10 s after that', async () => {
    endpoint = down;
    await cache.keyFor(url, 'a');
    endpoint = serving('a');
    nowSeconds += 9;
    expect(await cache.keyFor(url, 'a')).toBeUndefined();
    expect(fetches).toBe(3);
    nowSeconds += 1;
    expect((await cache.keyFor(url, 'a'))?.kid).toBe('a');
  });

  it.each<[string, RequestListener, new (...args: never[]) => Error]>([
    ['no JSON', (_request, response) => response.end('<html>'), InvalidJwks],
    ['no key set', (_request, response) => response.end('{}'), InvalidJwks],
    ['more than 64 KiB', (_request, response) => response.end(' '.repeat(65_537)), OutboundTooLarge],
  ])('is asked once only when it serves %s', async (_, listener, error) => {
    endpoint = listener;
    expect(await cache.keyFor(url, 'a')).toBeUndefined();
    expect([fetches, failures]).toEqual([1, [[url, expect.any(error)]]]);
  });

  it('is not followed where it redirects to', async () => {
    endpoint = (request, response) => {
      if (request.url === '/jwks') response.writeHead(302, { location: '/moved' }).end();
      else serving('a')(request, response);
    };
    expect(await cache.keyFor(url, 'a')).toBeUndefined();
    expect(failures).toEqual([[url, expect.any(JwksNotServed)]]);
  });

  it('is not asked at all on a private address', async () => {
    endpoint = serving('a');
    expect(await cacheOver(new OutboundClient({ allowPrivateTargets: false })).keyFor(url, 'a')).toBeUndefined();
    expect([fetches, failures]).toEqual([0, [[url, expect.any(OutboundRefused)]]]);
  });
});

it('holds the sets of so many URLs and gives up the one least recently used', async () => {
  endpoint = serving('a');
  const small = cacheOver(new OutboundClient({ allowPrivateTargets: true }), 3);
  for (const query of [0, 1, 2, 0, 3]) await small.keyFor(`${url}?${query}`, 'a');
  expect(fetches).toBe(4);
  await small.keyFor(`${url}?0`, 'a');
  expect(fetches).toBe(4);
  await small.keyFor(`${url}?1`, 'a');
  expect(fetches).toBe(5);
});
