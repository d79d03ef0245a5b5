import { Answers, exampleFacts, failuresOf } from '../platform/openapi/answers';
import { type Failure } from '../platform/envelope/failure';
import { otpDialect, successOf } from './otp.dialect';
import { type OtpErrorCode, OtpRefusal } from './otp.errors';

const badFields: Failure = {
  kind: 'invalid-input',
  faults: [
    { field: 'id', problem: 'Required' },
    { field: 'scope', problem: 'Invalid enum value' },
  ],
};

/** Documents an OTP route that reads JSON and is rate limited: the data of its success, by name, and what it refuses. */
export function OtpAnswers(successes: Readonly<Record<string, object | undefined>>, refusals: readonly OtpErrorCode[]) {
  const bodies = Object.entries(successes).map(([name, data]) => [name, successOf(data, exampleFacts)]);
  return Answers(otpDialect, { 201: Object.fromEntries(bodies) as Record<string, object> }, [
    badFields,
    ...failuresOf.jsonBody,
    { kind: 'unauthenticated', reason: 'missing' },
    ...failuresOf.authentication,
    ...refusals.map((code) => new OtpRefusal(code, code === 'OTP_INVALID' ? { attemptsRemaining: 4 } : {})),
    ...failuresOf.rateLimit,
  ]);
}
