import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { Authenticate } from '../platform/auth/authenticate';
import { actorOf, Asking, type RelyingPartyPrincipal } from '../platform/auth/principal';
import { AcceptsBytes } from '../platform/http/body';
import { type InitiatedSignRequest, type SignRequestCaller, SignRequestService } from './sign-request.service';

/** The largest document, in bytes. */
const documentLimitBytes = 10 * 1024 * 1024;

@Controller('api/v3/sign-requests')
export class SignRequestController {
  constructor(private readonly requests: SignRequestService) {}

  @Post()
  @HttpCode(200)
  @Authenticate('relying-party', { once: true })
  @AcceptsBytes(['application/octet-stream', 'application/pdf'], documentLimitBytes)
  initiate(@Asking() asking: RelyingPartyPrincipal, @Body() document: Buffer): Promise<InitiatedSignRequest> {
    return this.requests.initiate(callerOf(asking), document);
  }

  /** The body is not looked at, whatever it is. */
  @Post('cancel')
  @HttpCode(200)
  @Authenticate('relying-party')
  async cancel(@Asking() asking: RelyingPartyPrincipal): Promise<object> {
    await this.requests.cancel(callerOf(asking));
    return {};
  }
}

function callerOf(asking: RelyingPartyPrincipal): SignRequestCaller {
  const { tenantId, clientId, claims } = asking;
  return { tenantId, clientId, claims, actor: actorOf(asking) };
}
