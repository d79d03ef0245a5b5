import { type Server } from 'node:http';

const sweepMs = 50;

/**
 * Takes no more connections, lets the requests under way finish, and closes each connection once it has nothing more
 * to do. What is not over in time is cut off.
 * @param withinMs how long requests under way may take
 */
export async function stopServing(server: Server, withinMs: number): Promise<void> {
  server.prependListener('request', (_request, response) => {
    response.setHeader('Connection', 'close');
  });
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
