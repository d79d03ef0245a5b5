import { type Type } from '@nestjs/common';
import { ApiExtraModels, ApiProperty } from '@nestjs/swagger';
import { type Failure } from '../platform/envelope/failure';
import { Answers, failuresOf } from '../platform/openapi/answers';
import { jwtOf } from '../platform/openapi/webhooks';
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

/** The claims of the token that announces a signed document. */
export class SignedDocumentClaims {
  @ApiProperty({ enum: ['signed_doc_url'] })
  request_type: 'signed_doc_url';

  @ApiProperty({ format: 'uri', description: 'Where the signed document is for the next two minutes.' })
  signed_doc_url: string;

  @ApiProperty({ example: 'signv3-0199cc9c-8b7c-70df-b29b-39843a10c332' })
  request_id: string;

  @ApiProperty()
  signer_info: SignerInfo;

  @ApiProperty({ format: 'uri', description: 'This server, whose keys are at `/.well-known/keys.json`.' })
  iss: string;

  @ApiProperty({ description: 'The relying party’s client id.' })
  aud: string;

  @ApiProperty({ type: 'integer' })
  iat: number;

  @ApiProperty({ type: 'integer' })
  exp: number;
}

/** What a relying party’s webhook receives. */
@ApiExtraModels(SignedDocumentClaims)
export class SignedDocumentNotice {
  @ApiProperty({
    ...jwtOf({ alg: 'ES256', typ: 'webhook+jwt' }, SignedDocumentClaims),
    description: 'A token that this server has signed (RFC 7519).',
  })
  token: string;
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
