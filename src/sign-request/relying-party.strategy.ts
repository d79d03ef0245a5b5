import { Injectable } from '@nestjs/common';
import { JwksCache } from '../accounts/jwks/jwks-cache';
import {
  type Claimed,
  type Claims,
  isShortLived,
  JwtStrategy,
  type VerificationKey,
} from '../platform/auth/jwt-strategy';
import { type KnownRelyingParty, Registry } from '../accounts/tenants/registry';
import { type CompactToken } from '../platform/auth/compact-token';
import { Strategies } from '../platform/auth/strategies';
import { type Authentication, type Principal } from '../platform/auth/authenticate';
import { SpentTokens } from '../accounts/tokens/spent-tokens';

const maxLifeSeconds = 120;

export const relyingParty = {
  name: 'relying-party',
  strategies: {
    'relying-party': {
      type: 'apiKey',
      in: 'header',
      name: 'Authorization',
      description: [
        'A JWT that the relying party signs for one call (ES256, ES384 or ES512; at most 120 s), with no scheme before it.',
        'In the sandbox, give its claims as a JSON object instead, such as `{"request_id": "signv3-…"}`:',
        'this page then has the demo relying party sign them, afresh for each call.',
      ].join(' '),
    },
  },
} as const satisfies Authentication;

/** A relying party of Sign v3, known by the token it signed. */
export interface RelyingPartyPrincipal extends Principal {
  readonly tenantId: string;
  readonly clientId: string;
  /** The token's claims; each route reads its own out of them. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/**
 * The relying party's own token, which is the whole `Authorization` header (a `Bearer ` before it is tolerated):
 * a JWT signed by one of its registered keys, made for one call and at most two minutes long.
 * Source: Cancel Sign Request, "Authorization token".
 */
@Injectable()
export class RelyingPartyStrategy extends JwtStrategy<KnownRelyingParty> {
  constructor(
    strategies: Strategies,
    private readonly registry: Registry,
    private readonly jwks: JwksCache,
    private readonly spentTokens: SpentTokens,
  ) {
    super(strategies, {
      name: 'relying-party',
      algorithms: ['ES256', 'ES384', 'ES512'],
      tokenIn: (request) => request.headers.authorization?.replace(/^Bearer /i, ''),
    });
  }

  protected override async claimedBy({
    header: { kid },
    claims,
  }: CompactToken): Promise<Claimed<KnownRelyingParty> | undefined> {
    const clientId = clientIdOf(claims);
    const sender = clientId === undefined ? undefined : await this.registry.relyingParty(clientId);
    if (sender === undefined || (kid !== undefined && typeof kid !== 'string')) return undefined;
    const key = await this.registeredKey(sender, kid);
    return key && { sender, key };
  }

  protected override async principalOf(
    { clientId, tenantId }: KnownRelyingParty,
    claims: Claims,
  ): Promise<RelyingPartyPrincipal | undefined> {
    if (!isShortLived(claims, maxLifeSeconds)) return undefined;
    const principal = { actor: `relying-party:${clientId}`, tenantId, clientId, claims };
    if (claims.jti === undefined) return principal;
    const tokenId = claims.jti as string;
    const serves = await this.spentTokens.spend(principal.actor, tokenId, claims.exp as number);
    return serves ? { ...principal, tokenId } : undefined;
  }

  private async registeredKey(party: KnownRelyingParty, kid: string | undefined): Promise<VerificationKey | undefined> {
    if (party.keys !== undefined) return party.keys.find(kid);
    return party.jwksUrl === null ? undefined : this.jwks.keyFor(party.jwksUrl, kid, party.clientId);
  }
}

/** `client_id` or, as the document's table has it, `client_request`; where both are given they must agree. */
function clientIdOf({ client_id, client_request }: Claims): string | undefined {
  const clientId = client_id ?? client_request;
  if (typeof clientId !== 'string') return undefined;
  return client_request === undefined || client_request === clientId ? clientId : undefined;
}
