import { type DeliveryState } from '../delivery.entity';

/** A delivery as administrators see it. */
export interface DeliveryView {
  readonly id: string;
  readonly tenant: string;
  readonly channel: string;
  /** The id of the approval it is about. */
  readonly approval: string;
  readonly state: DeliveryState;
  /** Tries that have begun. */
  readonly attempts: number;
  readonly lastError: string | null;
  readonly createdAt: Date;
  readonly nextAttemptAt: Date | null;
  readonly endedAt: Date | null;
}

export interface DeliveryList {
  /** Newest first, 100 at most. */
  readonly items: readonly DeliveryView[];
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
