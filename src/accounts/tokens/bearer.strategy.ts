import { Injectable } from '@nestjs/common';
import { type Request } from 'express';
import { AccessTokens, type TenantPrincipal } from './access-tokens';
import { TenantAddress } from './tenant-address';
import { type Authentication } from '../../platform/auth/authenticate';
import { bearerToken, Strategies } from '../../platform/auth/strategies';
import { type Claims, JwtStrategy, type VerificationKey } from '../../platform/auth/jwt-strategy';

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
export class BearerStrategy extends JwtStrategy {
  constructor(
    strategies: Strategies,
    private readonly accessTokens: AccessTokens,
    private readonly tenantAddress: TenantAddress,
  ) {
    super(strategies, {
      name: 'bearer',
      algorithms: ['ES256', 'ES384', 'ES512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
      tokenIn: bearerToken,
    });
  }

  override async validate(request: Request, claims: Claims): Promise<TenantPrincipal | undefined> {
    const bearer = await this.accessTokens.bearerOf(claims);
    const addressed = this.tenantAddress.of(request);
    return addressed === undefined || addressed === bearer?.tenantId ? bearer : undefined;
  }

  protected override keyOf(token: string): Promise<VerificationKey | undefined> {
    return this.accessTokens.keyOf(token);
  }
}
