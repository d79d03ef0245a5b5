import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { answersUnderWay, stopServing } from './http-adapter';

describe('stopServing', () => {
  let port: number;
  let underWay: ReturnType<typeof answersUnderWay>;

  const serve = async (answer: RequestListener): Promise<Server> => {
    const server = createServer({ keepAliveTimeout: 60_000 }, answer).listen(0, '127.0.0.1');
    underWay = answersUnderWay(server);
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
    return server;
  };
  const ask = (): Socket => {
    const socket = connect(port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: test\r\n\r\n');
    return socket;
  };
  const anHourMs = 3_600_000;

  it('closes connections that are only kept open', async () => {
    const server = await serve((_request, response) => response.end('done'));
    const kept = ask();
    await once(kept, 'data');
    await stopServing(server, underWay, anHourMs);
    await once(kept.resume(), 'close');
  });

  it('takes no new connection, and lets a request under way finish, whose answer says that the connection closes', async () => {
    const server = await serve(() => undefined);
    const asking = ask();
    const [, response] = (await once(server, 'request')) as [IncomingMessage, ServerResponse];
    const stopped = stopServing(server, underWay, anHourMs);
    await expect(once(connect(port, '127.0.0.1'), 'connect')).rejects.toThrow('ECONNREFUSED');
    response.end('done');
    const [answer] = (await once(asking, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1.1 200 OK.*^Connection: close\r$/ms);
    await stopped;
    expect(underWay.size).toBe(0);
  });

  it('cuts off what does not finish in time', async () => {
    const server = await serve(() => undefined);
    const asking = ask().on('error', () => undefined);
    await once(server, 'request');
    await stopServing(server, underWay, 10);
    await once(asking.resume(), 'close');
  });
});
