import { Injectable } from '@nestjs/common';
import { type Attempt } from '../../platform/rate-limit/throttle.guard';
import { accessTokenLifeSeconds, AccessTokens } from '../tokens/access-tokens';
import { isOver, secretMatches } from '../../platform/secrets/random-secret';
import { Registry } from '../tenants/registry';
import { type OauthClient } from '../tenants/tenant.entities';
import { type TokenAnswer, type TokenRequest } from './token.dto';
import { TokenRefusal } from './token.error-format';

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
   * @throws TokenRefusal invalid_client (also where there is no such tenant), invalid_request, unsupported_grant_type,
   *   invalid_scope
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
    if (client === undefined || !isSecretOf(client, clientSecret)) throw new TokenRefusal('invalid_client');
    if (request.grant_type !== 'client_credentials') throw new TokenRefusal('unsupported_grant_type');
    const scope = scopeOf(request, client);
    const accessToken = await this.accessTokens.issue(client, scope);
    const granted = { access_token: accessToken, token_type: 'Bearer', expires_in: accessTokenLifeSeconds } as const;
    return scope === undefined ? granted : { ...granted, scope };
  }
}

/** Its secret, or the one before while that still serves. */
function isSecretOf({ secretHash, previousSecretHash, previousSecretExpiresAt }: OauthClient, secret: string): boolean {
  if (secretMatches(secret, secretHash)) return true;
  if (previousSecretHash === null || isOver({ expiresAt: previousSecretExpiresAt })) return false;
  return secretMatches(secret, previousSecretHash);
}

/**
 * The scope that is asked for; undefined where none is. Source: RFC 6749, section 3.3.
 * @throws TokenRefusal invalid_scope when the client is not registered with all of it
 */
function scopeOf({ scope }: TokenRequest, { scopes }: Pick<OauthClient, 'scopes'>): string | undefined {
  if (scope === undefined || scope === '') return undefined;
  const registered: readonly string[] = scopes;
  if (!scope.split(' ').every((each) => registered.includes(each))) throw new TokenRefusal('invalid_scope');
  return scope;
}

export interface ClientCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

/**
 * A client's credentials, out of the `Authorization` header (Basic) or out of the body. Source: RFC 6749, section 2.3.1.
 * @throws TokenRefusal invalid_request when they are in both places, invalid_client when in none, or malformed
 */
export function clientCredentials(authorization: string | undefined, request: TokenRequest): ClientCredentials {
  const { client_id: clientId, client_secret: clientSecret } = request;
  if (authorization === undefined) {
    if (clientId === undefined || clientSecret === undefined) throw new TokenRefusal('invalid_client');
    return { clientId, clientSecret };
  }
  if (clientSecret !== undefined) throw new TokenRefusal('invalid_request');
  const basic = basicCredentials(authorization);
  if (clientId !== undefined && clientId !== basic.clientId) throw new TokenRefusal('invalid_request');
  return basic;
}

function basicCredentials(authorization: string): ClientCredentials {
  const encoded = /^Basic ([A-Za-z\d+/]+=*)$/i.exec(authorization)?.[1];
  const [clientId, ...secret] = Buffer.from(encoded ?? '', 'base64')
    .toString()
    .split(':');
  if (!clientId || secret.length === 0) throw new TokenRefusal('invalid_client');
  return { clientId: formDecoded(clientId), clientSecret: formDecoded(secret.join(':')) };
}

/** Both are form-encoded before they are put into the header; what cannot have been is taken as it is. */
function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
