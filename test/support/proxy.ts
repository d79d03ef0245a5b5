import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type NetConnectOpts, type Socket } from 'node:net';
import { Client } from 'pg';

/** A way to a database that can be lost. */
export interface DatabaseProxy {
  /** The database's URL by way of the proxy. */
  readonly url: string;
  /** From now on every byte is taken and none passed on, as by a network that drops packets. */
  swallow(): void;
  /** Closes the next so many connections at once. */
  refuse(connections: number): void;
  /** Breaks every connection, and leads the later ones to another server's database. */
  lead(databaseUrl: string): void;
  /** Passes new connections on again; the others have lost bytes and stay silent. */
  pass(): void;
  close(): Promise<void>;
}

export async function openProxy(databaseUrl: string): Promise<DatabaseProxy> {
  let target = addressOf(databaseUrl);
  const sockets = new Set<Socket>();
  const passing = new Set<Socket>();
  let swallowing = false;
  let refusals = 0;

  const join = (from: Socket, to: Socket): void => {
    sockets.add(from);
    if (!swallowing) passing.add(from);
    from.on('data', (bytes: Buffer) => passing.has(from) && to.write(bytes));
    from.on('error', () => undefined);
    from.once('close', () => {
      if (passing.has(from)) to.destroy();
      sockets.delete(from);
    });
  };
  const server = createServer((client) => {
    if (refusals > 0) {
      refusals -= 1;
      client.destroy();
      return;
    }
    const upstream = connect(target);
    join(client, upstream);
    join(upstream, client);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');

  const url = new URL(databaseUrl);
  url.search = '';
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    swallow: () => {
      swallowing = true;
      passing.clear();
    },
    refuse: (connections) => (refusals = connections),
    lead: (other) => {
      target = addressOf(other);
      for (const socket of sockets) socket.destroy();
    },
    pass: () => (swallowing = false),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function addressOf(databaseUrl: string): NetConnectOpts {
  const { host, port } = new Client({ connectionString: databaseUrl });
  return host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port };
}
