import { Injectable } from '@nestjs/common';
import { ApiPropertyOptional, ApiProperty } from '@nestjs/swagger';
import { InjectRepository } from '@nestjs/typeorm';
import { IsIn, IsOptional, Matches, isUUID } from 'class-validator';
import { In, type Repository } from 'typeorm';
import { type Operator, sees } from '../accounts/operators/operator';
import { ProblemRefusal } from '../platform/envelope/problem.error-format';
import { type DeliveryState, deliveryStates, Delivery } from './delivery';
import { Deliveries } from './deliveries';

const refusals = {
  DELIVERY_NOT_FOUND: { status: 404, message: 'There is no such delivery.' },
  DELIVERY_PENDING: { status: 409, message: 'This delivery has not ended yet.' },
} as const;

/** What cannot be done to a delivery. */
export class DeliveryRefusal extends ProblemRefusal {
  constructor(readonly code: keyof typeof refusals) {
    super(refusals[code]);
  }
}

export class FindDeliveries {
  @IsOptional()
  @IsIn(deliveryStates)
  @ApiPropertyOptional({ enum: deliveryStates, example: 'failed' })
  state?: DeliveryState;

  /** A tenant's id. */
  @IsOptional()
  @Matches(/^[a-z0-9][a-z0-9-]{0,62}$/, { message: 'tenant must be the id of a tenant: 1 to 63 of a-z, 0-9 and -' })
  @ApiPropertyOptional({ example: 'demo' })
  tenant?: string;
}

/** How far a delivery has come. */
export class ShownDeliveryProgress {
  @ApiProperty({ enum: deliveryStates })
  state: DeliveryState;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Tries that have begun.' })
  attempts: number;

  @ApiProperty({ type: String, nullable: true })
  lastError: string | null;

  @ApiProperty()
  createdAt: Date;

  @ApiProperty({ type: Date, nullable: true })
  nextAttemptAt: Date | null;

  @ApiProperty({ type: Date, nullable: true })
  endedAt: Date | null;
}

/** A delivery as administrators see it. */
class ShownDelivery extends ShownDeliveryProgress {
  @ApiProperty({ format: 'uuid', description: 'Stays the same over all tries.' })
  id: string;

  @ApiProperty()
  tenant: string;

  @ApiProperty()
  channel: string;

  @ApiProperty({ description: 'The id of the approval that it is about; of an event also of a recall or a freeze.' })
  approval: string;
}

export class DeliveryList {
  @ApiProperty({ type: [ShownDelivery], maxItems: 100, description: 'Newest first.' })
  items: readonly ShownDelivery[];
}

export const exampleDelivery = {
  id: '8a4f2c86-6a39-4f0c-9d0e-3f6f2f1f0a11',
  tenant: 'demo',
  channel: 'otp-message',
  approval: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  state: 'failed',
  attempts: 3,
  lastError: 'example.com did not answer in full within 2 s',
  createdAt: '2025-01-15T10:30:00.000Z',
  nextAttemptAt: null,
  endedAt: '2025-01-15T10:30:10.000Z',
};

const listedAtMost = 100;

/** Looking into the outbox, and sending again what did not get through. */
@Injectable()
export class DeliveryAdminService {
  constructor(
    @InjectRepository(Delivery) private readonly table: Repository<Delivery>,
    private readonly deliveries: Deliveries,
  ) {}

  /** Newest first; of the operator's tenants. */
  async list({ state, tenant }: FindDeliveries, { tenants }: Operator): Promise<DeliveryList> {
    const tenantId = tenant ?? (tenants === 'all' ? undefined : In(tenants));
    const found = await this.table.find({
      where: { ...(state && { state }), ...(tenantId && { tenantId }) },
      order: { createdAt: 'DESC' },
      take: listedAtMost,
    });
    return { items: found.map(viewOf) };
  }

  /**
   * Begins the schedule of an ended delivery anew, under the same id.
   * @throws DeliveryRefusal DELIVERY_NOT_FOUND, also where the operator does not have its tenant; DELIVERY_PENDING when
   *   it has not ended
   */
  async redeliver(id: string, operator: Operator): Promise<void> {
    const found = isUUID(id) ? await this.table.findOneBy({ id }) : null;
    if (found === null || !sees(operator, found.tenantId)) throw new DeliveryRefusal('DELIVERY_NOT_FOUND');
    if (!(await this.deliveries.redeliver(id))) throw new DeliveryRefusal('DELIVERY_PENDING');
  }
}

function viewOf({ tenantId, approvalId, id, channel, state, attempts, ...rest }: Delivery): ShownDelivery {
  const { lastError, createdAt, nextAttemptAt, endedAt } = rest;
  const times = { createdAt, nextAttemptAt, endedAt };
  return { id, tenant: tenantId, channel, approval: approvalId, state, attempts, lastError, ...times };
}
