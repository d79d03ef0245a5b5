import { Injectable } from '@nestjs/common';
import { type Request } from 'express';
import { Authenticator, Strategy } from 'passport';
import { Failed } from '../../platform/envelope/failure';
import { Registry } from '../tenants/registry';
import { type TenantPrincipal } from './access-tokens';
import { bearer } from './bearer.strategy';
import { type Authentication } from '../../platform/auth/authenticate';
import { bearerToken } from '../../platform/auth/bearer-token';

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

const unknownToken = new Failed({ kind: 'unauthenticated', reason: 'invalid' });

/** A tenant's backend by one of its tenant tokens, in `x-tenant-token` or as `Authorization: Bearer`. */
@Injectable()
export class TenantTokenStrategy extends Strategy {
  constructor(
    passport: Authenticator,
    private readonly registry: Registry,
  ) {
    super();
    passport.use('tenant-token', this);
  }

  override authenticate(request: Request): void {
    this.principalOf(request).then(
      (principal) => {
        if (principal !== undefined) this.success(principal);
        // Whoever shows a tenant token is judged by it alone, not by another credential beside it.
        else if (request.headers['x-tenant-token'] !== undefined) this.error(unknownToken);
        else this.fail();
      },
      (error: unknown) => {
        this.error(error);
      },
    );
  }

  private async principalOf(request: Request): Promise<TenantPrincipal | undefined> {
    const token = request.get('x-tenant-token') ?? bearerToken(request);
    const found = token === undefined ? undefined : await this.registry.tenantToken(token);
    return found && { tenantId: found.tenantId, actor: `tenant:${found.name}` };
  }
}
