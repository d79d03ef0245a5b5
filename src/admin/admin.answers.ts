import { type Failure } from '../platform/envelope/failure';
import { problemDialect } from '../platform/envelope/problem.dialect';
import { Answers, type Examples, failuresOf } from '../platform/openapi/answers';
import { type AdminErrorCode, AdminRefusal } from './admin.errors';

const badField: Failure = {
  kind: 'invalid-input',
  faults: [{ field: 'id', problem: 'id must be 1 to 63 of a-z, 0-9 and -, and not begin with -' }],
};

const answers = (
  status: number,
  examples: Examples,
  failures: readonly Failure[],
  refusals: readonly AdminErrorCode[],
) =>
  Answers(problemDialect, { [status]: examples }, [
    ...failures,
    ...failuresOf.authentication,
    ...failuresOf.rateLimit,
    ...refusals.map((code) => new AdminRefusal(code)),
  ]);

/** Documents a route that makes something out of a JSON body. */
export const AnswersCreated = (example: object, refusals: readonly AdminErrorCode[]) =>
  answers(201, { created: example }, [badField, ...failuresOf.jsonBody], refusals);

/** Documents a route that shows something. */
export const AnswersFound = (example: object, refusals: readonly AdminErrorCode[] = []) =>
  answers(200, { found: example }, [], refusals);

/** Documents a route that takes something away. */
export const AnswersDeleted = (refusals: readonly AdminErrorCode[]) => answers(204, {}, [], refusals);
