import { problemDialect } from '../platform/envelope/problem.dialect';
import { Answers, failuresOf } from '../platform/openapi/answers';

/** Documents a sandbox route that reads a JSON body: what it answers, and the field that may be bad. */
export const SandboxAnswers = (status: 200 | 201, example: object, badField: string, problem: string) =>
  Answers(problemDialect, { [status]: { done: example } }, [
    { kind: 'invalid-input', faults: [{ field: badField, problem }] },
    ...failuresOf.jsonBody,
  ]);
