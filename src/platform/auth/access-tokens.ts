import { Inject, Injectable } from '@nestjs/common';
import { sign } from 'jsonwebtoken';
import { SETTINGS } from '../settings/settings.module';
import { type Settings } from '../settings/settings';
import { JwksCache } from '../tenancy/jwks/jwks-cache';
import { type VerificationKey } from '../tenancy/jwks/verification-key';
import { Registry } from '../tenancy/registry';
import { SigningKeys } from '../tenancy/signing-keys';
import { readCompactToken } from './compact-token';
import { type Claims } from './jwt-strategy';
import { type BearerPrincipal } from './principal';

export const accessTokenLifeSeconds = 300;

/** The access tokens of tenants: which key verifies one, and whom it stands for. */
@Injectable()
export class AccessTokens {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly registry: Registry,
    private readonly signingKeys: SigningKeys,
    private readonly jwks: JwksCache,
  ) {}

  /** A token of the built-in endpoint for one of the tenant's OAuth clients. */
  async issue(tenantId: string, clientId: string): Promise<string> {
    const { kid, privateKey } = await this.signingKeys.current();
    return sign({ azp: clientId }, privateKey, {
      algorithm: 'ES256',
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

  /** The key this token must be signed with, by the issuer it names; undefined where it can be nobody's. */
  async keyOf(token: string): Promise<VerificationKey | undefined> {
    const read = readCompactToken(token);
    if (read === undefined || typeof read.claims.iss !== 'string') return undefined;
    const { kid, alg } = read.header;
    if (kid !== undefined && typeof kid !== 'string') return undefined;
    const key = await this.issuersKey(read.claims.iss, kid);
    return key?.algorithms.some((each) => each === alg) === true ? key : undefined;
  }

  /** Whom a verified token stands for; a built-in one only as long as its OAuth client is registered. */
  async bearerOf(claims: Claims): Promise<BearerPrincipal | undefined> {
    const { iss, sub, exp } = claims;
    if (typeof iss !== 'string' || typeof sub !== 'string' || typeof exp !== 'number') return undefined;
    const builtIn = this.builtInTenant(iss);
    const tenantId = builtIn ?? (await this.registry.tenantOfIssuer(iss))?.id;
    if (tenantId === undefined) return undefined;
    if (builtIn !== undefined && (await this.registry.oauthClient(tenantId, sub)) === undefined) return undefined;
    return { kind: 'bearer', tenantId, subject: sub };
  }

  private async issuersKey(issuer: string, kid: string | undefined): Promise<VerificationKey | undefined> {
    if (this.builtInTenant(issuer) !== undefined) {
      const own = kid === undefined ? undefined : await this.signingKeys.find(kid);
      return own && { kid: own.kid, algorithms: ['ES256'], key: own.publicKey };
    }
    const tenant = await this.registry.tenantOfIssuer(issuer);
    return tenant?.jwksUrl ? this.jwks.keyFor(tenant.jwksUrl, kid) : undefined;
  }

  private builtInTenant(issuer: string): string | undefined {
    const prefix = this.issuerOf('');
    return issuer.startsWith(prefix) ? issuer.slice(prefix.length) : undefined;
  }
}
