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
  /** Path prefixes, each a whole number of segments; `*` is any one segment. */
  readonly bases: readonly string[];
  /** The class that describes the bodies; none where they are pages. */
  readonly errorBody?: Type;
  render(failure: Failure, request: RequestFacts): Rendered;
}

/** The error format whose base is the longest that the path has. */
export function errorFormatOf(errorFormats: readonly ErrorFormat[], path: string): ErrorFormat | undefined {
  // Doubled slashes lead to no route, but an answer in the error format that was meant.
  const segments = path.toLowerCase().split(/\/+/);
  const found = basesOf(errorFormats).find(({ parts }) =>
    parts.every((part, index) => part === '*' || part === segments[index]),
  );
  return found?.errorFormat;
}

interface Base {
  readonly parts: readonly string[];
  readonly errorFormat: ErrorFormat;
}

const bases = new WeakMap<readonly ErrorFormat[], readonly Base[]>();

/** The bases of all error formats, the longest first; worked out once. */
function basesOf(errorFormats: readonly ErrorFormat[]): readonly Base[] {
  const known = bases.get(errorFormats);
  if (known !== undefined) return known;
  const all = errorFormats.flatMap((errorFormat) => errorFormat.bases.map((base) => ({ base, errorFormat })));
  const longestFirst = all.sort((a, b) => b.base.length - a.base.length);
  const split = longestFirst.map(({ base, errorFormat }) => ({ parts: base.split('/'), errorFormat }));
  bases.set(errorFormats, split);
  return split;
}

/** What every 503 carries: after how many seconds the call may be made again. */
export const retryAfter = { 'Retry-After': '1' } as const;

/** By kind, what goes wrong apart from the rules of an API. */
type PlatformFailures = { readonly [Each in Exclude<Failure, { kind: 'refused' }> as Each['kind']]: Each };
export type PlatformKind = keyof PlatformFailures;

/** The text of an answer, in whatever envelope, and what goes with it. */
export interface Wording {
  readonly status: number;
  readonly message: string;
  readonly headers?: Rendered['headers'];
}

/** What an error format says in other words than the defaults, or with another status. */
export type OwnWords = {
  readonly [Kind in PlatformKind]?: (failure: PlatformFailures[Kind]) => Partial<Wording>;
};

const defaultWords: { readonly [Kind in PlatformKind]: (failure: PlatformFailures[Kind]) => Wording } = {
  unreadable: ({ status, problem }) => ({ status, message: problem }),
  'insecure-transport': () => ({ status: 403, message: 'API requests must be made over https' }),
  'rate-limited': () => ({ status: 429, message: 'Too many requests' }),
  unauthenticated: () => ({
    status: 401,
    message: 'A valid bearer token is needed',
    headers: { 'WWW-Authenticate': 'Bearer' },
  }),
  'wrong-media-type': ({ accepted }) => ({ status: 415, message: `The body must be ${accepted}` }),
  'too-large': ({ limitBytes }) => ({ status: 413, message: `The body must not be larger than ${limitBytes} bytes` }),
  'malformed-body': ({ problem }) => ({ status: 400, message: problem }),
  'malformed-url': () => ({ status: 400, message: 'The address is malformed' }),
  'invalid-input': ({ faults }) => ({ status: 400, message: faults.map(({ problem }) => problem).join('; ') }),
  'no-such-route': () => ({ status: 404, message: 'There is nothing at this address' }),
  'wrong-method': ({ allowed }) => ({
    status: 405,
    message: 'This method is not allowed here',
    headers: { Allow: allowed.join(', ') },
  }),
  frozen: () => ({ status: 403, message: 'Nothing new may begin here at present' }),
  unavailable: ({ mayBeDone }) => ({
    status: 503,
    message: mayBeDone
      ? 'It is not known whether this call was carried out; repeat it to find out'
      : 'This call cannot be served at present; please try again',
    headers: retryAfter,
  }),
  unexpected: () => ({ status: 500, message: 'Something went wrong on our side' }),
};

/** How an error format words a failure: by default as all do. */
export function wordingOf<Kind extends PlatformKind>(
  failure: PlatformFailures[Kind] & { readonly kind: Kind },
  own: OwnWords = {},
): Wording {
  return { ...defaultWords[failure.kind](failure), ...own[failure.kind]?.(failure) };
}
