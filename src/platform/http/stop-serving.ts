import { type Server, type ServerResponse } from 'node:http';

const sweepMs = 50;

/** The answers that a server has not finished yet; to be asked for before it serves. */
export function answersUnderWay(server: Server): ReadonlySet<ServerResponse> {
  const underWay = new Set<ServerResponse>();
  server.prependListener('request', (_request, response) => {
    underWay.add(response);
    response.once('close', () => underWay.delete(response));
  });
  return underWay;
}

/**
 * Takes no more connections, lets the requests under way finish, and closes each connection once it has nothing more
 * to do; their answers say so. What is not over in time is cut off.
 * @param underWay the server's `answersUnderWay`
 * @param withinMs how long requests under way may take
 */
export async function stopServing(
  server: Server,
  underWay: ReadonlySet<ServerResponse>,
  withinMs: number,
): Promise<void> {
  server.prependListener('request', (_request, response) => {
    response.setHeader('Connection', 'close');
  });
  for (const response of underWay) if (!response.headersSent) response.setHeader('Connection', 'close');
  const closed = new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
  // A connection that was busy at first is idle later, and a client might keep it open for long.
  const sweep = setInterval(() => {
    server.closeIdleConnections();
  }, sweepMs);
  const limit = setTimeout(() => {
    server.closeAllConnections();
  }, withinMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(limit);
}
