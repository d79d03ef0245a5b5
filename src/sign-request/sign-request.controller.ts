import { Body, Controller, HttpCode, Post, UseInterceptors } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AcceptsBytes, LimitUploads } from '../platform/http/body';
import { Authenticate, CurrentPrincipal } from '../platform/auth/authenticate';
import { failuresOf } from '../platform/openapi/answers';
import { CancelledSignRequest, InitiatedSignRequest, SignRequestAnswers } from './sign-request.dto';
import { SignRequestService } from './sign-request.service';
import { relyingParty, type RelyingPartyPrincipal } from './relying-party.strategy';

/** The largest document, in bytes. */
const documentLimitBytes = 10 * 1024 * 1024;

const documentTypes = ['application/octet-stream', 'application/pdf'];

const exampleInitiated: InitiatedSignRequest = {
  request_id: 'signv3-0199cc9c-8b7c-70df-b29b-39843a10c332',
  signing_url: 'https://sign.example/sign/9mJ2sYl0V4b8m1cJm0wq3rX5n7tZ2dKfGhPpQqRrSsT',
  exchange_code: '2f1c3a54-6f0e-4c6b-9d0a-7b1f2e3d4c5b',
};

@ApiTags('Sign requests')
@Controller('api/v3/sign-requests')
export class SignRequestController {
  constructor(private readonly requests: SignRequestService) {}

  @Post()
  @HttpCode(200)
  @Authenticate(relyingParty, { once: true })
  @AcceptsBytes(documentTypes, documentLimitBytes)
  @UseInterceptors(LimitUploads)
  @ApiOperation({
    summary: 'Ask for a signature in a PDF',
    description: [
      'The token’s claims say the rest: `doc_name`, `sign_locations` (`[{"x": 0.1, "y": 0.1, "page": 1}]`), `jti`, and',
      'optionally `signer_uin_hash`. A hybrid-reference file (what Word’s *Save as PDF* makes) is refused as the vendor',
      'refuses it: save it as PDF/A, or rewrite it with `qpdf in.pdf out.pdf`.',
    ].join(' '),
  })
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @SignRequestAnswers(
    InitiatedSignRequest,
    exampleInitiated,
    ['INVALID_REQUEST', 'INVALID_DOCUMENT', 'INVALID_SIGN_LOCATION', 'STORAGE_FULL', 'SERVER_BUSY'],
    [
      ...failuresOf.beginning,
      { kind: 'too-large', limitBytes: documentLimitBytes },
      { kind: 'wrong-media-type', accepted: documentTypes.join(' or ') },
    ],
  )
  initiate(
    @CurrentPrincipal() principal: RelyingPartyPrincipal,
    @Body() document: Buffer,
  ): Promise<InitiatedSignRequest> {
    return this.requests.initiate(principal, document);
  }

  /** The body is not looked at, whatever it is. */
  @Post('cancel')
  @HttpCode(200)
  @Authenticate(relyingParty)
  @ApiOperation({
    summary: 'Call a sign request back',
    description: 'The token’s claims name it: `request_id`.',
  })
  @SignRequestAnswers(CancelledSignRequest, {}, [
    'ACTIVE_SESSION_ONGOING',
    'DOCUMENT_ALREADY_SIGNED',
    'REQUEST_ALREADY_CANCELLED',
    'CLIENT_SIDE_ERROR',
  ])
  async cancel(@CurrentPrincipal() principal: RelyingPartyPrincipal): Promise<object> {
    await this.requests.cancel(principal);
    return {};
  }
}
