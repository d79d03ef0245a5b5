import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { promisify } from 'node:util';

/** A party's own server that publishes its keys. */
export interface JwksServer {
  readonly url: string;
  /** What it publishes from now on. */
  publish(...keys: object[]): void;
  /** How often it was asked. */
  readonly asked: number;
  close(): Promise<void>;
}

export async function openJwksServer(): Promise<JwksServer> {
  let published: object[] = [];
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    response.setHeader('content-type', 'application/jwk-set+json');
    response.end(JSON.stringify({ keys: published }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`,
    publish: (...keys) => (published = keys),
    get asked() {
      return asked;
    },
    close: () => promisify(server.close.bind(server))(),
  };
}
