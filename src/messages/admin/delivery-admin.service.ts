import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { isUUID } from 'class-validator';
import { type Repository } from 'typeorm';
import { Delivery } from '../delivery.entity';
import { Deliveries } from '../deliveries';
import { DeliveryRefusal } from './delivery.errors';
import { type DeliveryList, type ShownDelivery } from './delivery-view';
import { type FindDeliveries } from './find-deliveries.dto';

const listedAtMost = 100;

/** Looking into the outbox, and sending again what did not get through. */
@Injectable()
export class DeliveryAdminService {
  constructor(
    @InjectRepository(Delivery) private readonly table: Repository<Delivery>,
    private readonly deliveries: Deliveries,
  ) {}

  /** Newest first. */
  async list({ state, tenant }: FindDeliveries): Promise<DeliveryList> {
    const found = await this.table.find({
      where: { ...(state && { state }), ...(tenant && { tenantId: tenant }) },
      order: { createdAt: 'DESC' },
      take: listedAtMost,
    });
    return { items: found.map(viewOf) };
  }

  /**
   * Begins the schedule of an ended delivery anew, under the same id.
   * @throws DeliveryRefusal DELIVERY_NOT_FOUND, or DELIVERY_PENDING when it has not ended
   */
  async redeliver(id: string): Promise<void> {
    if (!isUUID(id)) throw new DeliveryRefusal('DELIVERY_NOT_FOUND');
    if (await this.deliveries.redeliver(id)) return;
    throw new DeliveryRefusal((await this.table.existsBy({ id })) ? 'DELIVERY_PENDING' : 'DELIVERY_NOT_FOUND');
  }
}

function viewOf({ tenantId, approvalId, id, channel, state, attempts, ...rest }: Delivery): ShownDelivery {
  const { lastError, createdAt, nextAttemptAt, endedAt } = rest;
  const times = { createdAt, nextAttemptAt, endedAt };
  return { id, tenant: tenantId, channel, approval: approvalId, state, attempts, lastError, ...times };
}
