import { Injectable } from '@nestjs/common';
import { type Request } from 'express';
import { Authenticator, Strategy } from 'passport';
import { Failed } from '../../platform/envelope/failure';
import { Registry } from '../tenants/registry';
import { bearerToken } from '../../platform/auth/bearer-token';
import { type TenantPrincipal } from '../../platform/auth/principal';

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
    return found && { kind: 'tenant', tenantId: found.tenantId, subject: found.name };
  }
}
