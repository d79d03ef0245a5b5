import { type Type } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';

/** The parts of the vendor's platform that an answer may name as its speaker. */
export const subSystems = { users: 5, devices: 6 } as const;
export type Speaker = keyof typeof subSystems;

/**
 * Describes an answer of success. Source: Cancel Signature, "Response".
 * @param name the schema's in the API's document
 * @param data of its data; none where there is none
 */
export function answerBy(by: Speaker, name: string, data?: ApiPropertyOptions): Type {
  class SignatureAnswer {
    @ApiProperty({ type: 'integer', enum: [subSystems[by]] })
    subSystem: number;

    @ApiProperty({ enum: ['OK'] })
    status: string;

    @ApiProperty()
    message: string;
  }
  Object.defineProperty(SignatureAnswer, 'name', { value: name });
  if (data !== undefined) ApiProperty(data)(SignatureAnswer.prototype, 'data');
  return SignatureAnswer;
}

/** The body of a success; `data` stands only where there is any. Source: Cancel Signature, "Sample Response". */
export function successOf(by: Speaker, message: string, data: unknown): object {
  return { subSystem: subSystems[by], status: 'OK', message, ...(data !== undefined && { data }) };
}

/** The `status` of every error. */
const errorStatuses = [
  'BAD_REQUEST',
  'Unauthorized',
  'FORBIDDEN',
  'NOT_FOUND',
  'USER_NOT_FOUND',
  'TRANSACTION_NOT_FOUND',
  'DEVICE_NOT_FOUND',
  'ACTIVATION_CODE_NOT_FOUND',
  'METHOD_NOT_ALLOWED',
  'CONFLICT',
  'SERVER_CANCEL',
  'INVALID_SIGNATURE',
  'PAYLOAD_TOO_LARGE',
  'TOO_MANY_REQUESTS',
  'INTERNAL_SERVER_ERROR',
  'SERVICE_UNAVAILABLE',
] as const;

export type SignatureErrorStatus = (typeof errorStatuses)[number];

/** Source: Cancel Signature, "Response Status Information". */
export class SignatureErrorAnswer {
  @ApiProperty({ type: 'integer', enum: Object.values(subSystems) })
  subSystem: number;

  @ApiProperty({ enum: errorStatuses })
  status: SignatureErrorStatus;

  @ApiProperty()
  message: string;
}
