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
  let lastAnswerAt = startedAt;
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const options: autocannon.Options = {
      url,
      connections: 32,
      amount: calls.length,
      requests: [{ setupRequest: (request) => ({ ...request, ...calls[next++ % calls.length] }) }],
    };
    const run = autocannon(options, (error, done) => {
      if (error) reject(error as Error);
      else resolve(done);
    });
    // A run is declared over at the next full second only.
    run.on('response', () => (lastAnswerAt = performance.now()));
  });
  if (result['2xx'] !== calls.length)
    throw new Error(`${calls.length - result['2xx']} of ${calls.length} calls failed at ${url}`);
  return calls.length / ((lastAnswerAt - startedAt) / 1000);
}
