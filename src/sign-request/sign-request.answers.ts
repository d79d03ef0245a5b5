import { type Type } from '@nestjs/common';
import { type Failure } from '../platform/envelope/failure';
import { Answers, failuresOf } from '../platform/openapi/answers';
import { signRequestErrorFormat } from './sign-request.error-format';
import { type SignRequestErrorCode, SignRequestRefusal } from './sign-request.errors';

/** Documents a route of relying parties: the body of its success and an example of it, what it refuses, and how else it may fail. */
export function SignRequestAnswers(
  body: Type,
  example: object,
  refusals: readonly SignRequestErrorCode[],
  failures: readonly Failure[] = [],
) {
  return Answers(signRequestErrorFormat, { status: 200, body, examples: { success: example } }, [
    ...refusals.map((code) => new SignRequestRefusal(code)),
    ...failuresOf.authentication,
    ...failures,
  ]);
}
