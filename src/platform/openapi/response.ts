import { STATUS_CODES } from 'node:http';
import { type Type } from '@nestjs/common';
import { ApiResponse, getSchemaPath } from '@nestjs/swagger';

/** Name → example. */
export type Headers = Readonly<Record<string, string>>;

/** An answer as it may be given. */
export interface ExampleAnswer {
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
export function response(body: Type | string | undefined, examples: readonly [ExampleAnswer, ...ExampleAnswer[]]) {
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
export function byStatus(answers: readonly ExampleAnswer[]): [ExampleAnswer, ...ExampleAnswer[]][] {
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
