import { type Type } from '@nestjs/common';
import { problemErrorFormat } from '../platform/envelope/problem.error-format';
import { Answers, failuresOf } from '../platform/openapi/answers';

interface SandboxSuccess {
  readonly status: 200 | 201;
  readonly body: Type;
  readonly example: object;
}

/** Documents a sandbox route that reads a JSON body: what it answers, and the field that may be bad. */
export const SandboxAnswers = ({ status, body, example }: SandboxSuccess, badField: string, problem: string) =>
  Answers(problemErrorFormat, { status, body, examples: { done: example } }, [
    { kind: 'invalid-input', faults: [{ field: badField, problem }] },
    ...failuresOf.jsonBody,
  ]);
