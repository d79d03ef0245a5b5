import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  type ErrorFormat,
  type Rendered,
  type RequestFacts,
  retryAfter,
  unavailableMessage,
} from '../platform/envelope/error-format';
import { type Failure } from '../platform/envelope/failure';
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
  'NOT_FOUND',
  'METHOD_NOT_ALLOWED',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'TOO_MANY_REQUESTS',
  'INTERNAL_SERVER',
  'SERVICE_UNAVAILABLE',
] as const;

type OtpAnswerCode = OtpErrorCode | (typeof otherCodes)[number];

export class OtpMeta {
  @ApiProperty({ description: 'Stands in the header `X-Request-Id` and in the log as well.' })
  requestId: string;

  @ApiProperty({ format: 'date-time' })
  timestamp: string;
}

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

interface WordedError extends Pick<Rendered, 'status' | 'headers'> {
  readonly message: string;
  readonly code: OtpAnswerCode;
  readonly validation?: Readonly<Record<string, string>>;
}

function errorOf(failure: Failure): WordedError {
  switch (failure.kind) {
    case 'unreadable':
      return { status: failure.status, code: 'BAD_REQUEST', message: failure.problem };
    case 'insecure-transport':
      return { status: 403, code: 'HTTPS_REQUIRED', message: 'API requests must be made over https' };
    case 'rate-limited':
      return { status: 429, code: 'TOO_MANY_REQUESTS', message: 'Too many requests' };
    case 'unauthenticated': {
      const [code, message] =
        failure.reason === 'missing'
          ? (['MISSING_TENANT_TOKEN', 'Missing tenant token'] as const)
          : (['INVALID_TENANT_TOKEN', 'Invalid tenant token'] as const);
      return { status: 401, code, message, headers: { 'WWW-Authenticate': 'Bearer' } };
    }
    case 'wrong-media-type':
      return { status: 415, code: 'UNSUPPORTED_MEDIA_TYPE', message: `The body must be ${failure.accepted}` };
    case 'too-large':
      return { status: 413, code: 'PAYLOAD_TOO_LARGE', message: `The body is larger than ${failure.limitBytes} bytes` };
    case 'malformed-body':
      return { status: 400, code: 'BAD_REQUEST', message: failure.problem };
    case 'malformed-url':
      return { status: 400, code: 'BAD_REQUEST', message: 'The address is malformed' };
    case 'invalid-input': {
      const validation = Object.fromEntries(failure.faults.map(({ field, problem }) => [field, problem]));
      return { status: 400, code: 'VALIDATION_ERROR', message: 'The provided request data is invalid.', validation };
    }
    case 'no-such-route':
      return { status: 404, code: 'NOT_FOUND', message: 'There is nothing at this address' };
    case 'wrong-method':
      return {
        status: 405,
        code: 'METHOD_NOT_ALLOWED',
        message: 'This method is not allowed here',
        headers: { Allow: failure.allowed.join(', ') },
      };
    case 'refused':
      return refusalOf(failure.refusal);
    case 'unavailable':
      return { status: 503, code: 'SERVICE_UNAVAILABLE', message: unavailableMessage(failure), headers: retryAfter };
    case 'unexpected':
      return { status: 500, code: 'INTERNAL_SERVER', message: 'Something went wrong on our side.' };
  }
}

function refusalOf(refusal: unknown): WordedError {
  if (!(refusal instanceof OtpRefusal)) return errorOf({ kind: 'unexpected' });
  const { message, code, details } = refusal;
  const { retryAfterSeconds, ...told } = details;
  const headers = retryAfterSeconds === undefined ? undefined : { 'Retry-After': String(retryAfterSeconds) };
  return { message, code, status: statusOf[code], headers, ...told };
}

/** The `meta` of every answer. */
export function metaOf({ requestId, at }: Pick<RequestFacts, 'requestId' | 'at'>): OtpMeta {
  return { requestId, timestamp: at.toISOString() };
}
