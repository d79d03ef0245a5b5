import { Injectable } from '@nestjs/common';
import { type Request } from 'express';
import { Failed } from '../../platform/envelope/failure';
import { Registry } from '../tenants/registry';
import { type TenantPrincipal } from './access-tokens';
import { bearer } from './bearer.strategy';
import { type Authentication } from '../../platform/auth/authenticate';
import { bearerToken, SecretStrategy, Strategies } from '../../platform/auth/strategies';

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
    if (found !== undefined) return { tenantId: found.tenantId, actor: `tenant:${found.name}` };
    // Whoever shows a tenant token is judged by it alone, not by another credential beside it.
    if (tenantToken !== undefined) throw new Failed({ kind: 'unauthenticated', reason: 'invalid' });
    return undefined;
  }
}
