import { once } from 'node:events';
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';

export interface Question {
  readonly method: string;
  /** Sent as it is, whatever is in it. */
  readonly path: string;
  /** Names and values in turn, so that a name may be given twice. */
  readonly headers?: readonly string[];
  readonly body?: string | Buffer;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Asks as no well-behaved client would: nothing is encoded, checked or completed on the way. */
export async function ask(url: string, { method, path, headers = [], body }: Question): Promise<Answer> {
  const { hostname, port } = new URL(url);
  const length = body === undefined ? [] : ['Content-Length', String(Buffer.byteLength(body))];
  const asked = request({
    hostname,
    port,
    method,
    path,
    // A connection of its own, so that no answer is mistaken for that to another question.
    agent: false,
    headers: ['Host', `${hostname}:${port}`, ...length, ...headers],
  });
  asked.end(body);
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  return { status: answer.statusCode!, headers: answer.headers, text: await text(answer) };
}
