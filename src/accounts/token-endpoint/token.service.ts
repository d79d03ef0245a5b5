import { Injectable } from '@nestjs/common';
import { type Attempt } from '../../platform/rate-limit/throttle.guard';
import { accessTokenLifeSeconds, AccessTokens } from '../tokens/access-tokens';
import { Registry, secretMatches } from '../tenants/registry';
import { clientCredentials } from './client-credentials';
import { type TokenAnswer } from './token-answers.dto';
import { type TokenRequest } from './token-request.dto';
import { TokenRefusal } from './token.errors';

/** Gives access tokens to the OAuth clients of tenants that have no issuer of their own. */
@Injectable()
export class TokenService {
  constructor(
    private readonly registry: Registry,
    private readonly accessTokens: AccessTokens,
  ) {}

  /**
   * @param authorization the `Authorization` header, where there is one
   * @throws Failed `rate-limited`
   * @throws TokenRefusal invalid_client (also where there is no such tenant), invalid_request, unsupported_grant_type
   */
  async issue(
    tenantId: string,
    authorization: string | undefined,
    request: TokenRequest,
    attempt: Attempt,
  ): Promise<TokenAnswer> {
    const { clientId, clientSecret } = clientCredentials(authorization, request);
    await attempt.byName(`${tenantId}/${clientId}`);
    const client = await this.registry.oauthClient(tenantId, clientId);
    if (client === undefined || !secretMatches(clientSecret, client.secretHash))
      throw new TokenRefusal('invalid_client');
    if (request.grant_type !== 'client_credentials') throw new TokenRefusal('unsupported_grant_type');
    const accessToken = await this.accessTokens.issue(client);
    return { access_token: accessToken, token_type: 'Bearer', expires_in: accessTokenLifeSeconds };
  }
}
