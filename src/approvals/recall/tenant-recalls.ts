import { Injectable } from '@nestjs/common';
import { type TenantPrincipal } from '../../accounts/tokens/access-tokens';
import { type Scope } from '../../accounts/tenants/tenant.entities';
import { type OrderRecall, type ShownRecall } from './recall.dto';
import { RecallRefusal } from './recall.errors';
import { RecallService } from './recall.service';

const scope: Scope = 'recall';

/** The recalls of a tenant in itself. */
@Injectable()
export class TenantRecalls {
  constructor(private readonly recalls: RecallService) {}

  /**
   * @param key the request's `Idempotency-Key`
   * @throws RecallRefusal INSUFFICIENT_SCOPE, and what `RecallService.order` throws
   */
  async order(principal: TenantPrincipal, order: OrderRecall, key?: string): Promise<ShownRecall> {
    requireScope(principal);
    const { tenantId, actor } = principal;
    return this.recalls.order({ tenantId, actor }, order, key);
  }

  /** Operators' recalls in the tenant too. @throws RecallRefusal INSUFFICIENT_SCOPE, NOT_FOUND */
  async find(principal: TenantPrincipal, id: string): Promise<ShownRecall> {
    requireScope(principal);
    return this.recalls.find(id, [principal.tenantId]);
  }
}

function requireScope({ scopes }: TenantPrincipal): void {
  if (scopes !== 'all' && !scopes.includes(scope)) throw new RecallRefusal('INSUFFICIENT_SCOPE');
}
