import { type Type } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { type RequestFacts } from '../platform/envelope/error-format';
import { type OtpErrorCode, otpMessages } from './otp.errors';

/** Codes of errors that are no rule's of one-time passwords. */
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

export type OtpAnswerCode = OtpErrorCode | (typeof otherCodes)[number];

class OtpMeta {
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
export class OtpErrorAnswer {
  @ApiProperty()
  meta: OtpMeta;

  @ApiProperty()
  error: OtpError;
}

/** The envelope of a success with this data; its name is the data's with `Answer`. Source: Cancel (OTP), "Response". */
export function answerWith(data: Type): Type {
  class OtpAnswer {
    @ApiProperty()
    meta: OtpMeta;

    @ApiProperty({ type: data })
    data: object;
  }
  Object.defineProperty(OtpAnswer, 'name', { value: `${data.name}Answer` });
  return OtpAnswer;
}

/** The `meta` of every answer. */
export function metaOf({ requestId, at }: Pick<RequestFacts, 'requestId' | 'at'>): OtpMeta {
  return { requestId, timestamp: at.toISOString() };
}

/** The body of a success; without data of its own it is `{success: true}`. */
export function successOf(data: object | undefined, facts: Pick<RequestFacts, 'requestId' | 'at'>): object {
  return { meta: metaOf(facts), data: data ?? { success: true } };
}
