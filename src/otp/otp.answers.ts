import { type Failure } from '../platform/envelope/failure';
import { Answers, exampleFacts, failuresOf } from '../platform/openapi/answers';
import { otpDialect, successOf } from './otp.dialect';
import { type OtpErrorCode, OtpRefusal, type OtpRefusalDetails } from './otp.errors';

export const exampleCreated = {
  id: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  expiresAt: '2025-01-15T10:40:00.000Z',
  resendInterval: 60,
};

export const exampleStatus = {
  status: 'pending',
  expiresAt: '2025-01-15T10:40:00.000Z',
  attemptsRemaining: 5,
  resendAvailableAt: '2025-01-15T10:31:00.000Z',
  delivery: 'delivered',
};

const exampleDetails: Partial<Record<OtpErrorCode, OtpRefusalDetails>> = {
  OTP_INVALID: { attemptsRemaining: 4 },
  OTP_RESEND_TOO_SOON: { retryAfterSeconds: 42 },
};

const badFields: Failure = {
  kind: 'invalid-input',
  faults: [
    { field: 'id', problem: 'Required' },
    { field: 'scope', problem: 'Invalid enum value' },
  ],
};

type Successes = Readonly<Record<string, object | undefined>>;

/** Documents an OTP route that reads JSON and is rate limited: the data of its success, by name, and what it refuses. */
export const OtpAnswers = (successes: Successes, refusals: readonly OtpErrorCode[]) =>
  answers(successes, refusals, [...failuresOf.jsonBody, ...failuresOf.rateLimit]);

/** Documents an OTP route that has no body and is throttled. */
export const OtpShown = (successes: Successes, refusals: readonly OtpErrorCode[]) =>
  answers(successes, refusals, failuresOf.rateLimit);

function answers(successes: Successes, refusals: readonly OtpErrorCode[], failures: readonly Failure[]) {
  const bodies = Object.entries(successes).map(([name, data]) => [name, successOf(data, exampleFacts)]);
  return Answers(otpDialect, { 201: Object.fromEntries(bodies) as Record<string, object> }, [
    badFields,
    { kind: 'unauthenticated', reason: 'missing' },
    ...failuresOf.authentication,
    ...refusals.map((code) => new OtpRefusal(code, exampleDetails[code])),
    ...failures,
  ]);
}
