import { DomainRefusal } from '../../../platform/envelope/failure';
import { type ProblemRefusal } from '../../../platform/envelope/problem.error-format';

const refusals = {
  TENANT_NOT_FOUND: { status: 404, message: 'There is no such tenant.' },
  OTP_CONFIG_NOT_FOUND: { status: 404, message: 'There is no such tenant, or it has no OTP configuration.' },
  OTP_CONFIG_BROKEN: { status: 409, message: 'What is stored is no valid OTP configuration; put a new one.' },
} as const;

/** What cannot be done with a tenant's OTP settings. */
export class OtpConfigRefusal extends DomainRefusal implements ProblemRefusal {
  readonly status: number;

  constructor(readonly code: keyof typeof refusals) {
    super(refusals[code].message);
    this.name = 'OtpConfigRefusal';
    this.status = refusals[code].status;
  }
}
