import { type Type } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { type Failure } from '../platform/envelope/failure';
import { Answers, failuresOf } from '../platform/openapi/answers';
import { type SignRequestErrorCode, signRequestErrorFormat, SignRequestRefusal } from './sign-request.errors';

export class InitiatedSignRequest {
  @ApiProperty({ example: 'signv3-0199cc9c-8b7c-70df-b29b-39843a10c332' })
  request_id: string;

  @ApiProperty({ format: 'uri', description: 'Where the signer’s browser is sent.' })
  signing_url: string;

  @ApiProperty({ format: 'uuid', description: 'A claim of the token that asks for the result.' })
  exchange_code: string;
}

/** The answer to a cancel: an object with nothing in it. */
// eslint-disable-next-line @typescript-eslint/no-extraneous-class
export class CancelledSignRequest {}

class SignerInfo {
  @ApiProperty()
  signer_name: string;

  @ApiProperty({ description: 'The last four characters of the signer’s identity number.' })
  signer_partial_uinfin: string;

  @ApiProperty({ type: 'integer', format: 'int64', description: 'Milliseconds since 1970.' })
  signed_at: number;
}

/** The result of a signature, in the vendor's words. */
export class SignResult {
  @ApiProperty({ format: 'uri' })
  signed_doc_url: string;

  @ApiProperty()
  signer_info: SignerInfo;

  @ApiProperty({ type: 'integer', description: 'When the link stops to work, in seconds since 1970.' })
  exp: number;
}

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
