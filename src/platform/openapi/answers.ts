import { STATUS_CODES } from 'node:http';
import { applyDecorators, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { type ErrorFormat, type RequestFacts } from '../envelope/error-format';
import { DomainRefusal, type Failure } from '../envelope/failure';
import { bodyLimitBytes } from '../http/body';
import { quotaHeaders } from '../rate-limit/rate-limits';

/** What a route answers when all is well. */
export interface Success {
  readonly status: number;
  /** The class that describes the body; a media type where it is a file, none where there is no body. */
  readonly body?: Type | string;
  /** Bodies by name. */
  readonly examples?: Readonly<Record<string, unknown>>;
  readonly headers?: Headers;
}

/** What every example answer says of the request and the time, so that documents are the same each time they are made. */
export const exampleFacts: RequestFacts = {
  requestId: 'req-12345',
  method: 'POST',
  path: '/',
  at: new Date('2025-01-15T10:30:00.000Z'),
};

/** Failures that many routes share. */
export const failuresOf = {
  /** Of a route that asks who is calling. */
  authentication: [{ kind: 'unauthenticated', reason: 'invalid' }],
  /** Of a route that reads a JSON body. */
  jsonBody: [
    { kind: 'malformed-body', problem: 'The body is not valid JSON.' },
    { kind: 'too-large', limitBytes: bodyLimitBytes },
    { kind: 'wrong-media-type', accepted: 'application/json' },
  ],
  rateLimit: [{ kind: 'rate-limited' }],
  /** Of a route that begins something. */
  beginning: [{ kind: 'frozen' }],
} as const satisfies Record<string, readonly Failure[]>;

/** Failures of every route. */
const ofEveryRoute = [
  { kind: 'unexpected' },
  { kind: 'unavailable', mayBeDone: false },
] as const satisfies readonly Failure[];

/** Failures of every address, before its route is asked. */
const ofEveryAddress = [
  { kind: 'malformed-url' },
  { kind: 'insecure-transport' },
  { kind: 'wrong-method', allowed: ['POST'] },
  { kind: 'unreadable', status: 408, problem: 'The request did not come in time.' },
  { kind: 'unreadable', status: 431, problem: 'The head of the request is too large.' },
] as const satisfies readonly Failure[];

const exampleQuota = { policy: 'address', limit: 30, windowSeconds: 3600, resetSeconds: 1800 };
const quotaLeft = quotaHeaders([{ ...exampleQuota, remaining: 29, exceeded: false }]);
const quotaSpent = quotaHeaders([{ ...exampleQuota, remaining: 0, exceeded: true }]);

/**
 * Documents everything a route answers: its success (or several, of a status each), as a class describes it, and its failures, as the error format words
 * them. What may befall every route need not be said.
 */
export function Answers(
  errorFormat: ErrorFormat,
  successes: Success | readonly Success[],
  failures: readonly (Failure | DomainRefusal)[] = [],
) {
  const isLimited = failures.some((each) => 'kind' in each && each.kind === 'rate-limited');
  const optionalHeaders = isLimited ? quotaLeft : {};
  const failed = (each: Failure | DomainRefusal): ExampleAnswer => {
    const failure: Failure = each instanceof DomainRefusal ? { kind: 'refused', refusal: each } : each;
    const name = failure.kind === 'refused' ? failure.refusal.code : failure.kind;
    const { headers: rendered, ...answer } = errorFormat.render(failure, exampleFacts);
    return { name, ...answer, headers: { ...rendered, ...(failure.kind === 'rate-limited' && quotaSpent) } };
  };
  const succeeded = [successes].flat().map(({ status, body, examples = { success: undefined }, headers }) => ({
    body,
    answers: Object.entries(examples).map(([name, value]): ExampleAnswer => {
      return { name, status, body: value, headers: { ...headers, ...optionalHeaders } };
    }),
  }));
  const atTheRoute = [...failures, ...ofEveryRoute].map((each) => ({ ...failed(each), optionalHeaders }));
  const all = [...atTheRoute, ...ofEveryAddress.map(failed)];
  return applyDecorators(
    ApiExtraModels(
      ...[...succeeded.map(({ body }) => body), errorFormat.errorBody].filter((each) => typeof each === 'function'),
    ),
    ...succeeded.flatMap(({ body, answers }) => byStatus(answers).map((alike) => response(body, alike))),
    ...byStatus(all).map((alike) => response(errorFormat.errorBody, alike)),
  );
}

/** Name → example. */
type Headers = Readonly<Record<string, string>>;

/** An answer as it may be given. */
interface ExampleAnswer {
  readonly name: string;
  readonly status: number;
  readonly headers?: Headers;
  /** Headers that such an answer may have or not. */
  readonly optionalHeaders?: Headers;
  readonly body?: unknown;
}

/**
 * Documents the answers with one status by examples of them.
 * @param body the class that describes the body; a media type where it is a file, none where there is no body
 */
function response(body: Type | string | undefined, examples: readonly [ExampleAnswer, ...ExampleAnswer[]]) {
  const [{ status, headers: { 'Content-Type': mediaType = 'application/json' } = {} }] = examples;
  return ApiResponse({
    status,
    description: STATUS_CODES[status] ?? String(status),
    headers: headersOf(examples),
    ...(body !== undefined && {
      content: typeof body === 'string' ? file(body) : { [mediaType]: contentOf(body, examples) },
    }),
  });
}

/** Groups answers by their status. */
function byStatus(answers: readonly ExampleAnswer[]): [ExampleAnswer, ...ExampleAnswer[]][] {
  const found = new Map<number, [ExampleAnswer, ...ExampleAnswer[]]>();
  for (const each of answers) {
    const alike = found.get(each.status);
    if (alike === undefined) found.set(each.status, [each]);
    else alike.push(each);
  }
  return [...found.values()];
}

/** All headers of the answers; those that each of them has are required. */
function headersOf(examples: readonly ExampleAnswer[]) {
  const all = Object.assign({}, ...examples.flatMap((each) => [each.optionalHeaders, each.headers])) as Headers;
  const isRequired = (name: string): boolean => examples.every(({ headers = {} }) => name in headers);
  const documented = Object.entries(all)
    .filter(([name]) => name !== 'Content-Type')
    .map(([name, example]) => [name, { required: isRequired(name), schema: { type: 'string' }, example }]);
  return Object.fromEntries(documented) as Record<string, { schema: { type: 'string' } }>;
}

function contentOf(body: Type, examples: readonly ExampleAnswer[]) {
  const named = Object.fromEntries(examples.map((each) => [each.name, { value: each.body }]));
  return { schema: { $ref: getSchemaPath(body) }, examples: named };
}

function file(mediaType: string) {
  return { [mediaType]: { schema: { type: 'string', format: 'binary' } } };
}
