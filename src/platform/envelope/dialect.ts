import { type Type } from '@nestjs/common';
import { type Failure } from './failure';

/** What of a request a dialect may need to word an answer. */
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

/** How one vendor says what went wrong. Each wing fills this port; the filter picks by the request's path. */
export interface Dialect {
  /** Path prefixes, each a whole number of segments; `*` stands for one segment. */
  readonly bases: readonly string[];
  /** The class that describes the bodies; none where they are pages. */
  readonly errorBody?: Type;
  render(failure: Failure, request: RequestFacts): Rendered;
}

/** The dialect whose base is the longest that the path has. */
export function dialectOf(dialects: readonly Dialect[], path: string): Dialect | undefined {
  // Doubled slashes lead to no route, but an answer in the dialect that was meant.
  const segments = path.split(/\/+/);
  const matches = dialects.flatMap((dialect) =>
    dialect.bases
      .filter((base) => base.split('/').every((part, index) => part === '*' || part === segments[index]?.toLowerCase()))
      .map((base) => ({ dialect, length: base.length })),
  );
  return matches.sort((a, b) => b.length - a.length)[0]?.dialect;
}
