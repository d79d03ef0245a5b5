import { type Type } from '@nestjs/common';
import { type Failure } from '../platform/envelope/failure';
import { problemErrorFormat } from '../platform/envelope/problem.error-format';
import { Answers, failuresOf, type Success } from '../platform/openapi/answers';
import { type AdminErrorCode, AdminRefusal } from './admin.errors';
import { pageOf } from './page';

const badField: Failure = {
  kind: 'invalid-input',
  faults: [{ field: 'id', problem: 'id must be 1 to 63 of a-z, 0-9 and -, and not begin with -' }],
};

const badQuery: Failure = {
  kind: 'invalid-input',
  faults: [{ field: 'limit', problem: 'limit must not be greater than 500' }],
};

const answers = (success: Success, failures: readonly Failure[], refusals: readonly AdminErrorCode[]) =>
  Answers(problemErrorFormat, success, [
    ...failures,
    ...failuresOf.authentication,
    ...failuresOf.rateLimit,
    ...refusals.map((code) => new AdminRefusal(code)),
  ]);

/** Documents a route that makes something out of a JSON body. */
export const AnswersCreated = (body: Type, example: object, refusals: readonly AdminErrorCode[]) =>
  answers({ status: 201, body, examples: { created: example } }, [badField, ...failuresOf.jsonBody], refusals);

/** Documents a route that shows something. */
export const AnswersFound = (body: Type, example: object, refusals: readonly AdminErrorCode[]) =>
  answers({ status: 200, body, examples: { found: example } }, [], refusals);

/** Documents a route that shows what a query asks for. */
export const AnswersAsked = (body: Type, example: object, refusals: readonly AdminErrorCode[]) =>
  answers({ status: 200, body, examples: { found: example } }, [badQuery], refusals);

/** Documents a route that lists such items: a page that is not the last, and the last. */
export const AnswersListed = (item: Type, example: object, next: string, refusals: readonly AdminErrorCode[]) =>
  answers(
    {
      status: 200,
      body: pageOf(item),
      examples: { found: { items: [example], next }, last: { items: [example], next: null } },
    },
    [badQuery],
    refusals,
  );

/** Documents a route that takes something away. */
export const AnswersDeleted = (refusals: readonly AdminErrorCode[]) => answers({ status: 204 }, [], refusals);
