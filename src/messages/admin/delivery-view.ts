import { ApiProperty } from '@nestjs/swagger';
import { type DeliveryState, deliveryStates } from '../delivery.entity';

/** A delivery as administrators see it. */
export class ShownDelivery {
  @ApiProperty({ format: 'uuid', description: 'Stays the same over all tries.' })
  id: string;

  @ApiProperty()
  tenant: string;

  @ApiProperty()
  channel: string;

  @ApiProperty({ description: 'The id of the approval it is about.' })
  approval: string;

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
