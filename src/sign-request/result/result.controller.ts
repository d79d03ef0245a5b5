import { Controller, Get, Param, Res, StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Response } from 'express';
import { Authenticate, CurrentPrincipal, Public } from '../../platform/auth/authenticate';
import { Answers } from '../../platform/openapi/answers';
import { SignRequestAnswers, SignResult } from '../sign-request.dto';
import { signRequestErrorFormat, SignRequestRefusal } from '../sign-request.errors';
import { downloadPath } from './download-links';
import { ResultService } from './result.service';
import { relyingParty, type RelyingPartyPrincipal } from '../relying-party.strategy';

const exampleResult: SignResult = {
  signed_doc_url: 'https://sign.example/api/v3/signed-documents/0aDk3c',
  signer_info: { signer_name: 'Tan Ah Kow', signer_partial_uinfin: '567D', signed_at: 1736937000000 },
  exp: 1736937120,
};

@ApiTags('Results')
@Controller()
export class ResultController {
  constructor(private readonly results: ResultService) {}

  @Get(['api/v3/sign-requests/:requestId/signed-doc', 'api/v3/sign-requests/:requestId/signed_doc'])
  @Authenticate(relyingParty, { once: true })
  @ApiOperation({
    summary: 'Where the signed document is for the next two minutes',
    description: 'The token’s claims hold the `exchange_code` that `initiate` answered.',
  })
  @SignRequestAnswers(SignResult, exampleResult, [
    'DOCUMENT_NOT_SIGNED',
    'REQUEST_EXPIRED',
    'REQUEST_CANCELLED',
    'DOCUMENT_DELETED',
    'CLIENT_SIDE_ERROR',
  ])
  resultOf(
    @CurrentPrincipal() principal: RelyingPartyPrincipal,
    @Param('requestId') requestId: string,
  ): Promise<SignResult> {
    return this.results.resultOf(principal, requestId);
  }

  @Get(`${downloadPath}/:link`)
  @Public()
  @ApiOperation({ summary: 'Fetch the signed document; the link alone opens it' })
  @Answers(signRequestErrorFormat, { status: 200, body: 'application/pdf' }, [new SignRequestRefusal('LINK_INVALID')])
  async download(@Param('link') link: string, @Res({ passthrough: true }) response: Response): Promise<StreamableFile> {
    const { fileName, bytes } = await this.results.download(link);
    response.attachment(fileName);
    return new StreamableFile(bytes, { type: 'application/pdf', length: bytes.length });
  }
}
