/** One HTTP call, and what the contract says is answered. */
export interface Step {
  readonly what: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object | Uint8Array<ArrayBuffer> | URLSearchParams;
  /** Only prepares the next call; shown when it goes wrong. */
  readonly aside?: boolean;
  readonly expect: { readonly status: number; readonly says?: string };
}

// What an answer holds is the business of its caller.
export type Answer = Readonly<Record<string, never>>;

/** An answer was not the contract's; it is in the record. */
export class UnexpectedAnswer extends Error {}

/** Makes the calls, and keeps what was answered beside what should have been. */
export class Recorder {
  private readonly rows: (readonly string[])[] = [];
  deviations = 0;

  constructor(private readonly url: string) {}

  async call<Body = Answer>(step: Step): Promise<Body> {
    const response = await fetch(this.url + step.path, {
      method: step.method,
      headers: { ...typeOf(step.body), ...step.headers },
      body: encode(step.body),
    });
    const text = await response.text();
    const { status, says } = step.expect;
    const holds = response.status === status && (says === undefined || text.includes(says));
    if (!holds) this.deviations += 1;
    if (!holds || step.aside !== true)
      this.rows.push([
        holds ? 'ok' : `WRONG, not ${status} ${says ?? ''}`,
        step.what,
        String(response.status),
        shorten(text),
      ]);
    // What follows builds on this answer.
    if (!holds) throw new UnexpectedAnswer(step.what);
    return (text === '' ? {} : JSON.parse(text)) as Body;
  }

  print(): void {
    const table = [['', 'call', 'status', 'answer'], ...this.rows];
    const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
    for (const row of table)
      console.log(
        row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd(),
      );
    console.log(
      this.deviations === 0
        ? '\nEvery answer is the contract’s.'
        : `\nAnswers that are not the contract’s: ${this.deviations}`,
    );
  }
}

function typeOf(body: Step['body']): Record<string, string> {
  if (body === undefined || body instanceof URLSearchParams) return {};
  return { 'content-type': body instanceof Uint8Array ? 'application/octet-stream' : 'application/json' };
}

function encode(body: Step['body']): string | Uint8Array<ArrayBuffer> | URLSearchParams | undefined {
  if (body === undefined || body instanceof URLSearchParams || body instanceof Uint8Array) return body;
  return JSON.stringify(body);
}

/** The answer without what differs from run to run and says nothing. */
function shorten(text: string): string {
  const short = text.replace(/"meta":\{[^}]*\},?/, '');
  return short.length > 90 ? `${short.slice(0, 89)}…` : short;
}
