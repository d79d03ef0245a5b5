import { ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { ValidateBy, ValidateIf, type ValidationArguments, type ValidationOptions } from 'class-validator';
import { type DeliveryState, deliveryStates } from '../messages/delivery';
import { type RequestFacts } from '../platform/envelope/error-format';
import { type OtpMethod, otpMethods, type OtpScope, otpScopes } from './otp.entity';
import { otpLifecycle, type OtpState } from './otp.lifecycle';

export class OtpId {
  /** What `create` answered. */
  @OtpText()
  @ApiProperty({ example: '01ARZ3NDEKTSV4RRFFQ69G5FAV', minLength: 1 })
  id: string;
}

export class OtpPurpose {
  /** What the OTP is for; another than it was made for does not find it. */
  @OtpEnum(otpScopes)
  @ApiProperty({ enum: otpScopes, example: 'reset_password' })
  scope: OtpScope;
}

/** Which OTP is meant. Source: Cancel (OTP), "Body". */
export class OtpReference extends IntersectionType(OtpId, OtpPurpose) {}

export class VerifyOtp extends OtpReference {
  /** The digits that the recipient was sent. */
  @OtpText()
  @ApiProperty({ example: '314159' })
  code: string;
}

export class CreateOtp {
  @OtpEnum(otpScopes)
  @ApiProperty({ enum: otpScopes, example: 'reset_password' })
  scope: OtpScope;

  /** What the purpose is about, in the caller's words, such as its id of the account. */
  @ValidateIf(({ scopeId }: CreateOtp) => scopeId !== undefined)
  @OtpText()
  @ApiPropertyOptional({ example: 'account-42' })
  scopeId?: string;

  @OtpEnum(otpMethods)
  @ApiProperty({ enum: otpMethods, example: 'email' })
  method: OtpMethod;

  /** An e-mail address, or a telephone number with its country code. */
  @OtpText(320)
  @ApiProperty({ example: 'alice@example.com' })
  recipient: string;
}

/** Options of a create that come in headers. */
export interface CreationOptions {
  /** A repetition with the same key returns the first answer and creates nothing. */
  readonly idempotencyKey?: string;
  /** The language of the message, as a language tag. */
  readonly locale?: string;
}

/** Beside the data, or the error, of every answer. */
export class OtpMeta {
  @ApiProperty({ description: 'Also in the header `X-Request-Id` and in the log.' })
  requestId: string;

  @ApiProperty({ format: 'date-time' })
  timestamp: string;
}

export function metaOf({ requestId, at }: Pick<RequestFacts, 'requestId' | 'at'>): OtpMeta {
  return { requestId, timestamp: at.toISOString() };
}

/** Data of an answer without content of its own. */
export class OtpSuccess {
  @ApiProperty({ type: Boolean, enum: [true] })
  success: true;
}

export class CreatedOtp {
  @ApiProperty({ example: '01ARZ3NDEKTSV4RRFFQ69G5FAV' })
  id: string;

  @ApiProperty({ type: String, format: 'date-time' })
  expiresAt: string;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'The least time before a resend, in seconds.' })
  resendInterval: number;
}

export class OtpStatus {
  @ApiProperty({ enum: [...otpLifecycle.states] })
  status: OtpState;

  @ApiProperty()
  expiresAt: Date;

  @ApiProperty({ type: 'integer', minimum: 0 })
  attemptsRemaining: number;

  @ApiProperty({ type: Date, nullable: true, description: 'Null where it will not be sent again.' })
  resendAvailableAt: Date | null;

  @ApiProperty({ enum: [...deliveryStates], nullable: true, description: 'How the last sending went on.' })
  delivery: DeliveryState | null;
}

/** Required text of 1 to `max` characters that PostgreSQL can store. */
function OtpText(max = 256) {
  return checkText('otpText', (value) => {
    if (value.length === 0) return 'String must contain at least 1 character(s)';
    if (value.length > max) return `String must contain at most ${max} character(s)`;
    return value.includes('\0') ? 'Invalid' : undefined;
  });
}

/** One of the choices. */
function OtpEnum(choices: readonly string[]) {
  return checkText('otpEnum', (value) => (choices.includes(value) ? undefined : 'Invalid enum value'));
}

/** The messages of the vendor's validator for a value that is not text. */
function notText(value: unknown): string | undefined {
  if (value === undefined) return 'Required';
  if (typeof value === 'string') return undefined;
  const received = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  return `Expected string, received ${received}`;
}

function checkText(name: string, fault: (value: string) => string | undefined, options?: ValidationOptions) {
  const faultOf = (value: unknown): string | undefined => notText(value) ?? fault(value as string);
  return ValidateBy(
    {
      name,
      validator: {
        validate: (value: unknown) => faultOf(value) === undefined,
        defaultMessage: (context?: ValidationArguments) => faultOf(context?.value) ?? '',
      },
    },
    options,
  );
}
