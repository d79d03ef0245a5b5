import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { sign } from 'jsonwebtoken';
import { SETTINGS, type Settings } from '../../platform/settings/settings';
import { JwksCache } from '../jwks/jwks-cache';
import { type Claimed, type Claims, clockSkewSeconds } from '../../platform/auth/jwt-strategy';
import { type OauthClient, type Tenant } from '../tenants/tenant.entities';
import { Registry } from '../tenants/registry';
import { SigningKeys } from '../signing-keys/signing-keys';
import { isPrintable } from '../../platform/text/printable';
import { type CompactToken } from '../../platform/auth/compact-token';
import { type Principal } from '../../platform/auth/authenticate';

/** A caller that acts for a tenant: its backend with a tenant token, or the bearer of an access token. */
export interface TenantPrincipal extends Principal {
  readonly tenantId: string;
  /** The scopes of the bearer's token; a tenant token is for all. */
  readonly scopes: readonly string[] | 'all';
  /** The OAuth client that a token of the built-in endpoint was given to. */
  readonly oauthClient?: string;
}

/** What a client's beginnings lock besides other subjects, and its deletion too. Bearers of an own issuer have no client. */
export const subjectOfClient = (clientId: string): string => `oauth-client:${clientId}`;

export const subjectsOfCaller = ({ oauthClient }: TenantPrincipal): string[] =>
  oauthClient === undefined ? [] : [subjectOfClient(oauthClient)];

export const accessTokenLifeSeconds = 300;

/** How far ahead a token's end may be: one that leaks cannot be called back here. */
const maxRemainingSeconds = 24 * 60 * 60;

/** RFC 9068, section 2.1: no other token of ours is taken for an access token. */
const ownType = 'at+jwt';

/** OpenID Connect Core, section 2, allows 255. */
const maxSubjectLength = 256;

/** Who issued an access token: our own endpoint for a tenant, or the issuer that a tenant has registered. */
export type Issuer = { readonly builtInFor: string } | { readonly registeredBy: Tenant };

/** The access tokens of tenants: which key verifies one, and for which tenant its bearer acts. */
@Injectable()
export class AccessTokens {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly registry: Registry,
    private readonly signingKeys: SigningKeys,
    private readonly jwks: JwksCache,
  ) {}

  /** A token of the built-in endpoint for one of the tenant's OAuth clients. */
  async issue({ tenantId, clientId }: OauthClient, scope?: string): Promise<string> {
    const { kid, privateKey } = await this.signingKeys.current('access-token');
    const claims = { client_id: clientId, azp: clientId, jti: randomUUID(), ...(scope !== undefined && { scope }) };
    return sign(claims, privateKey, {
      algorithm: 'ES256',
      header: { alg: 'ES256', typ: ownType },
      audience: this.settings.publicUrl,
      keyid: kid,
      issuer: this.issuerOf(tenantId),
      subject: clientId,
      expiresIn: accessTokenLifeSeconds,
    });
  }

  /** The issuer name of the built-in endpoint for a tenant. */
  issuerOf(tenantId: string): string {
    return `${this.settings.publicUrl}/auth/realms/${tenantId}`;
  }

  /** The issuer that a token names, and its key; undefined where there is none. */
  async claimedBy({ header: { kid, typ }, claims: { iss } }: CompactToken): Promise<Claimed<Issuer> | undefined> {
    if (typeof iss !== 'string' || (kid !== undefined && typeof kid !== 'string')) return undefined;
    const builtInFor = this.builtInTenant(iss);
    if (builtInFor === undefined) {
      const tenant = await this.registry.tenantOfIssuer(iss);
      const key = tenant?.jwksUrl ? await this.jwks.keyFor(tenant.jwksUrl, kid, iss) : undefined;
      return tenant && key && { sender: { registeredBy: tenant }, key };
    }
    const own = typ === ownType && kid !== undefined ? await this.signingKeys.find(kid, 'access-token') : undefined;
    return own && { sender: { builtInFor }, key: { kid: own.kid, algorithms: ['ES256'], key: own.publicKey } };
  }

  /**
   * The tenant and actor of a verified token: a built-in one only as long as its OAuth client is registered, another only
   * if it is meant for this server.
   */
  async bearerOf(issuer: Issuer, claims: Claims): Promise<TenantPrincipal | undefined> {
    const { sub, exp } = claims;
    if (!isPrintable(sub, maxSubjectLength) || typeof exp !== 'number') return undefined;
    if (exp > Date.now() / 1000 + maxRemainingSeconds + clockSkewSeconds) return undefined;
    const isBuiltIn = 'builtInFor' in issuer;
    const tenantId = isBuiltIn
      ? await this.tenantOfClient(issuer.builtInFor, sub, claims)
      : tenantIfMeant(issuer.registeredBy, claims);
    if (tenantId === undefined) return undefined;
    return { tenantId, actor: `bearer:${sub}`, scopes: scopesOf(claims), ...(isBuiltIn && { oauthClient: sub }) };
  }

  private async tenantOfClient(tenantId: string, clientId: string, claims: Claims): Promise<string | undefined> {
    if (claims.aud !== this.settings.publicUrl) return undefined;
    return (await this.registry.oauthClient(tenantId, clientId)) && tenantId;
  }

  private builtInTenant(issuer: string): string | undefined {
    const prefix = this.issuerOf('');
    return issuer.startsWith(prefix) ? issuer.slice(prefix.length) : undefined;
  }
}

function tenantIfMeant({ id, audience }: Tenant, { aud }: Claims): string | undefined {
  return audience === null || [aud].flat().includes(audience) ? id : undefined;
}

/** Source: RFC 9068, section 2.2.3; RFC 8693, section 4.2. */
function scopesOf({ scope }: Claims): string[] {
  return typeof scope === 'string' ? scope.split(' ').filter((each) => each !== '') : [];
}
