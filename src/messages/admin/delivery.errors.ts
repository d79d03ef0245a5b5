import { DomainRefusal } from '../../platform/envelope/failure';

const refusals = {
  DELIVERY_NOT_FOUND: { status: 404, message: 'There is no such delivery.' },
  DELIVERY_PENDING: { status: 409, message: 'This delivery has not ended yet.' },
} as const;

/** What cannot be done to a delivery. */
export class DeliveryRefusal extends DomainRefusal {
  readonly status: number;

  constructor(readonly code: keyof typeof refusals) {
    super(refusals[code].message);
    this.name = 'DeliveryRefusal';
    this.status = refusals[code].status;
  }
}
