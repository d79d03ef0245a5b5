import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  type ErrorFormat,
  type OwnWords,
  type PlatformKind,
  type Wording,
  wordingOf,
} from '../platform/envelope/error-format';
import { type Failure } from '../platform/envelope/failure';
import { metaOf, OtpMeta } from './otp.dto';
import { type OtpErrorCode, otpMessages, OtpRefusal } from './otp.errors';

const statusOf = {
  OTP_NOT_FOUND: 404,
  OTP_NOT_CANCELABLE: 422,
  OTP_INVALID: 422,
  OTP_FAILED: 422,
  OTP_EXPIRED: 422,
  OTP_CANCELLED: 422,
  OTP_ALREADY_VERIFIED: 422,
  OTP_NOT_VERIFIED: 422,
  OTP_ALREADY_CONSUMED: 422,
  OTP_RESEND_TOO_SOON: 429,
  OTP_RESEND_LIMIT: 422,
  IDEMPOTENCY_KEY_REUSED: 422,
  IDEMPOTENCY_KEY_IN_USE: 409,
  TENANT_NOT_CONFIGURED: 500,
} as const satisfies Record<OtpErrorCode, number>;

/** Codes of errors that are not specific to one-time passwords. */
const otherCodes = [
  'BAD_REQUEST',
  'VALIDATION_ERROR',
  'MISSING_TENANT_TOKEN',
  'INVALID_TENANT_TOKEN',
  'HTTPS_REQUIRED',
  'FORBIDDEN',
  'NOT_FOUND',
  'METHOD_NOT_ALLOWED',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'TOO_MANY_REQUESTS',
  'INTERNAL_SERVER',
  'SERVICE_UNAVAILABLE',
] as const;

type OtpAnswerCode = OtpErrorCode | (typeof otherCodes)[number];

class OtpError {
  @ApiProperty()
  message: string;

  @ApiProperty({ enum: [...Object.keys(otpMessages), ...otherCodes] })
  code: OtpAnswerCode;

  @ApiProperty({ type: 'integer', description: 'The HTTP status.' })
  status: number;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'Of `VALIDATION_ERROR`: what is wrong, by the field’s name.',
  })
  validation?: Readonly<Record<string, string>>;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, description: 'Of `OTP_INVALID`: guesses that are left.' })
  attemptsRemaining?: number;
}

/** The envelope of errors. Source: Cancel (OTP), "Errors". */
class OtpErrorAnswer {
  @ApiProperty()
  meta: OtpMeta;

  @ApiProperty()
  error: OtpError;
}

/** Webmix Hub's envelope: `{meta, error: {message, code, status, validation?}}`. Source: Cancel (OTP), "Errors". */
export const otpErrorFormat: ErrorFormat = {
  bases: ['/otp'],
  errorBody: OtpErrorAnswer,
  render: (failure, request) => {
    const { status, headers, message, code, ...more } = errorOf(failure);
    const body = { meta: metaOf(request), error: { message, code, status, ...more } };
    return { status, headers, body };
  },
};

interface WordedError extends Wording {
  readonly code: OtpAnswerCode;
  readonly validation?: Readonly<Record<string, string>>;
}

const codeOf = {
  unreadable: 'BAD_REQUEST',
  'insecure-transport': 'HTTPS_REQUIRED',
  'rate-limited': 'TOO_MANY_REQUESTS',
  unauthenticated: 'INVALID_TENANT_TOKEN',
  'wrong-media-type': 'UNSUPPORTED_MEDIA_TYPE',
  'too-large': 'PAYLOAD_TOO_LARGE',
  'malformed-body': 'BAD_REQUEST',
  'malformed-url': 'BAD_REQUEST',
  'invalid-input': 'VALIDATION_ERROR',
  'no-such-route': 'NOT_FOUND',
  'wrong-method': 'METHOD_NOT_ALLOWED',
  frozen: 'FORBIDDEN',
  unavailable: 'SERVICE_UNAVAILABLE',
  unexpected: 'INTERNAL_SERVER',
} as const satisfies Record<PlatformKind, OtpAnswerCode>;

const ownWords: OwnWords = {
  unauthenticated: ({ reason }) => ({
    message: reason === 'missing' ? 'Missing tenant token' : 'Invalid tenant token',
  }),
  'too-large': ({ limitBytes }) => ({ message: `The body is larger than ${limitBytes} bytes` }),
  'invalid-input': () => ({ message: 'The provided request data is invalid.' }),
  unexpected: () => ({ message: 'Something went wrong on our side.' }),
};

function errorOf(failure: Failure): WordedError {
  if (failure.kind === 'refused') return refusalOf(failure.refusal);
  const worded = { ...wordingOf(failure, ownWords), code: codeOf[failure.kind] };
  if (failure.kind === 'unauthenticated' && failure.reason === 'missing')
    return { ...worded, code: 'MISSING_TENANT_TOKEN' };
  if (failure.kind !== 'invalid-input') return worded;
  return { ...worded, validation: Object.fromEntries(failure.faults.map(({ field, problem }) => [field, problem])) };
}

function refusalOf(refusal: unknown): WordedError {
  if (!(refusal instanceof OtpRefusal)) return errorOf({ kind: 'unexpected' });
  const { message, code, details } = refusal;
  const { retryAfterSeconds, ...answered } = details;
  const headers = retryAfterSeconds === undefined ? undefined : { 'Retry-After': String(retryAfterSeconds) };
  return { message, code, status: statusOf[code], headers, ...answered };
}
