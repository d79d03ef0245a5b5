import { STATUS_CODES } from 'node:http';
import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { type Dialect, type Rendered, type RequestFacts } from '../envelope/dialect';
import { DomainRefusal, type Failure } from '../envelope/failure';
import { bodyLimitBytes } from '../http/body';
import { schemaOf } from './schema-of';

/** Bodies by name; no body at all where there is none. */
export type Examples = Readonly<Record<string, unknown>>;

type Headers = Readonly<Record<string, string>>;

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
} as const satisfies Record<string, readonly Failure[]>;

/** Failures of every route. */
const alwaysPossible = [
  { kind: 'unexpected' },
  { kind: 'unavailable', mayBeDone: false },
] as const satisfies readonly Failure[];

/**
 * Documents everything a route answers: its successes, by status, as examples, and its failures, as the dialect words
 * them. Schemas come from the examples, texts and statuses of failures from the dialect, so neither can drift.
 * What may befall every route need not be said.
 */
export function Answers(
  dialect: Dialect,
  successes: Readonly<Record<number, Examples>>,
  failures: readonly (Failure | DomainRefusal)[] = [],
  successHeaders: Headers = {},
) {
  return applyDecorators(
    ...Object.entries(successes).map(([status, examples]) => answer(Number(status), examples, successHeaders)),
    ...byStatus([...failures, ...alwaysPossible].map((each) => exampleOf(dialect, each))).map((alike) =>
      answer(alike.status, alike.examples, alike.headers),
    ),
  );
}

interface AnswersAlike {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly examples: Record<string, unknown>;
}

function byStatus(rendered: readonly (Rendered & { readonly name: string })[]): AnswersAlike[] {
  const found = new Map<number, AnswersAlike>();
  for (const { status, headers, name, body } of rendered) {
    const alike = found.get(status) ?? { status, headers: {}, examples: {} };
    Object.assign(alike.headers, headers);
    alike.examples[name] = body;
    found.set(status, alike);
  }
  return [...found.values()];
}

function exampleOf(dialect: Dialect, failed: Failure | DomainRefusal): Rendered & { readonly name: string } {
  const failure: Failure = failed instanceof DomainRefusal ? { kind: 'refused', refusal: failed } : failed;
  const name = failure.kind === 'refused' ? failure.refusal.code : failure.kind;
  return { name, ...dialect.render(failure, exampleFacts) };
}

function answer(status: number, examples: Examples, { 'Content-Type': mediaType, ...headers }: Headers = {}) {
  const bodies = Object.values(examples);
  const named = Object.fromEntries(Object.entries(examples).map(([name, value]) => [name, { value }]));
  const content = { [mediaType ?? 'application/json']: { schema: schemaOf(bodies), examples: named } };
  return ApiResponse({
    status,
    description: STATUS_CODES[status] ?? String(status),
    headers: Object.fromEntries(Object.entries(headers).map(([name, example]) => [name, headerLike(example)])),
    ...(bodies.length > 0 && { content }),
  });
}

const headerLike = (example: string) => ({ schema: { type: 'string' } as const, example });
