import autocannon from 'autocannon';

/** One HTTP call that cancels one approval. */
export interface Call {
  readonly method: 'POST' | 'DELETE';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * Makes each call once, over 32 connections.
 * @returns calls a second
 * @throws Error when any of them is answered other than with success
 */
export async function measure(url: string, calls: readonly Call[]): Promise<number> {
  let next = 0;
  const startedAt = performance.now();
  const result = await autocannon({
    url,
    connections: 32,
    amount: calls.length,
    requests: [{ setupRequest: (request) => ({ ...request, ...calls[next++ % calls.length] }) }],
  });
  const seconds = (performance.now() - startedAt) / 1000;
  if (result['2xx'] !== calls.length)
    throw new Error(`${calls.length - result['2xx']} of ${calls.length} calls failed at ${url}`);
  return calls.length / seconds;
}
