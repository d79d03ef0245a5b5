import { type Type } from '@nestjs/common';
import { type Failure } from './failure';

/** What of a request an error format may need to word an answer. */
export interface RequestFacts {
  readonly requestId: string;
  readonly method: string;
  readonly path: string;
  /** When it is answered. */
  readonly at: Date;
}

export interface Rendered {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; a text is sent as it is. */
  readonly body: object | string;
}

/** How one vendor says what went wrong. Each API fills this port; the filter picks by the request's path. */
export interface ErrorFormat {
  /** Path prefixes, each a whole number of segments; `*` stands for one segment. */
  readonly bases: readonly string[];
  /** The class that describes the bodies; none where they are pages. */
  readonly errorBody?: Type;
  render(failure: Failure, request: RequestFacts): Rendered;
}

/** The error format whose base is the longest that the path has. */
export function errorFormatOf(errorFormats: readonly ErrorFormat[], path: string): ErrorFormat | undefined {
  // Doubled slashes lead to no route, but an answer in the error format that was meant.
  const segments = path.split(/\/+/);
  const matches = errorFormats.flatMap((errorFormat) =>
    errorFormat.bases
      .filter((base) => base.split('/').every((part, index) => part === '*' || part === segments[index]?.toLowerCase()))
      .map((base) => ({ errorFormat, length: base.length })),
  );
  return matches.sort((a, b) => b.length - a.length)[0]?.errorFormat;
}

/** What every 503 carries: after how many seconds the call may be made again. */
export const retryAfter = { 'Retry-After': '1' } as const;

/** What every error format says of a call that cannot be served now. */
export function unavailableMessage({ mayBeDone }: Extract<Failure, { kind: 'unavailable' }>): string {
  return mayBeDone
    ? 'It is not known whether this call was carried out; the same call again tells'
    : 'This call cannot be served at present; please try again';
}
