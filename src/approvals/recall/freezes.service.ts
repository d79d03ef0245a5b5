import { Injectable } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { type Operator } from '../../accounts/operators/operator';
import { Freezes } from '../freezes';
import { type FreezePage, type ListFreezes, shownFreeze } from './freezes.dto';
import { RecallRefusal } from './recall.errors';

/** Freezes as operators see and lift them. */
@Injectable()
export class FreezesService {
  constructor(private readonly freezes: Freezes) {}

  /** Newest first, of the operator's tenants. */
  async list({ tenant, limit, after, inForce }: ListFreezes, operator: Operator): Promise<FreezePage> {
    const tenants = tenant === undefined ? tenantsOf(operator) : [tenant];
    const query = { tenants, inForce: inForce === 'true', after: after ?? null, limit: limit + 1 };
    const found = await this.freezes.list(query);
    const items = found.slice(0, limit).map(shownFreeze);
    return { items, next: found.length > limit ? (items.at(-1)?.id ?? null) : null };
  }

  /** @throws RecallRefusal NOT_FOUND where none of the operator's tenants has such a freeze in force */
  async lift(id: string, operator: Operator): Promise<void> {
    const lifted = isUUID(id) ? await this.freezes.lift(id, tenantsOf(operator), operator.actor) : undefined;
    if (lifted === undefined) throw new RecallRefusal('NOT_FOUND');
  }
}

const tenantsOf = ({ tenants }: Operator): readonly string[] | null => (tenants === 'all' ? null : tenants);
