import { Injectable } from '@nestjs/common';
import { type Request } from 'express';
import { type Authentication } from '../../platform/auth/authenticate';
import { bearerToken, Strategies, SecretStrategy } from '../../platform/auth/strategies';
import { type CompactToken } from '../../platform/auth/compact-token';
import { asymmetricAlgorithms, type Claimed, type Claims, JwtStrategy } from '../../platform/auth/jwt-strategy';
import { Failed } from '../../platform/envelope/failure';
import { Registry } from '../tenants/registry';
import { AccessTokens, type Issuer, type TenantPrincipal } from './access-tokens';

/** Where a request was sent. */
export interface Address {
  readonly hostname: string;
  /** Out of the path of its route. */
  readonly params: Readonly<Record<string, unknown>>;
}

/** The tenant that a request names in an API's own way; undefined where it names none. */
export type AddressedTenant = (address: Address) => string | undefined;

/** Which tenant a request addresses. How an address names one is an API's affair, so each API registers its rule. */
@Injectable()
export class TenantAddress {
  private readonly rules: AddressedTenant[] = [];

  /** To be called while modules initialize. */
  register(rule: AddressedTenant): void {
    this.rules.push(rule);
  }

  /** By the first rule that finds one; undefined where none does. */
  of(address: Address): string | undefined {
    for (const rule of this.rules) {
      const tenantId = rule(address);
      if (tenantId !== undefined) return tenantId;
    }
    return undefined;
  }
}

export const bearer = {
  name: 'bearer',
  strategies: {
    bearer: {
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'JWT',
      description:
        'An access token of the tenant: of its own issuer, or of the built-in token endpoint (in the sandbox with `demo-client` and `demo-secret`).',
    },
  },
} as const satisfies Authentication;

/** `Authorization: Bearer` with an access token of the tenant that the request addresses. */
@Injectable()
export class BearerStrategy extends JwtStrategy<Issuer> {
  constructor(
    strategies: Strategies,
    private readonly accessTokens: AccessTokens,
    private readonly tenantAddress: TenantAddress,
  ) {
    super(strategies, { name: 'bearer', algorithms: asymmetricAlgorithms, tokenIn: bearerToken, reused: true });
  }

  protected override claimedBy(token: CompactToken): Promise<Claimed<Issuer> | undefined> {
    return this.accessTokens.claimedBy(token);
  }

  protected override async principalOf(
    issuer: Issuer,
    claims: Claims,
    request: Request,
  ): Promise<TenantPrincipal | undefined> {
    const bearer = await this.accessTokens.bearerOf(issuer, claims);
    const addressed = this.tenantAddress.of(request);
    return addressed === undefined || addressed === bearer?.tenantId ? bearer : undefined;
  }
}

/** A tenant token, or an access token of the tenant. */
export const tenant = {
  name: 'tenant',
  strategies: {
    'tenant-token': {
      type: 'apiKey',
      in: 'header',
      name: 'x-tenant-token',
      description: 'A token of the tenant’s backend; in the sandbox `demo-tenant-token`.',
    },
    ...bearer.strategies,
  },
} as const satisfies Authentication;

/** A tenant's backend by one of its tenant tokens, in `x-tenant-token` or as `Authorization: Bearer`. */
@Injectable()
export class TenantTokenStrategy extends SecretStrategy {
  constructor(
    strategies: Strategies,
    private readonly registry: Registry,
  ) {
    super(strategies, 'tenant-token');
  }

  override async validate(request: Request): Promise<TenantPrincipal | undefined> {
    const tenantToken = request.get('x-tenant-token');
    const token = tenantToken ?? bearerToken(request);
    const found = token === undefined ? undefined : await this.registry.tenantToken(token);
    if (found !== undefined) return { tenantId: found.tenantId, actor: `tenant:${found.name}`, scopes: 'all' };
    // A call with a tenant token is judged by it alone, not by another credential beside it.
    if (tenantToken !== undefined) throw new Failed({ kind: 'unauthenticated', reason: 'invalid' });
    return undefined;
  }
}
