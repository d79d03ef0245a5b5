import { DomainRefusal } from '../platform/envelope/failure';
import { type ProblemRefusal } from '../platform/envelope/problem.error-format';

/** What administration refuses: code → status and message. */
const refusals = {
  TENANT_NOT_FOUND: { status: 404, message: 'There is no such tenant.' },
  NOT_FOUND: { status: 404, message: 'There is nothing of this id.' },
  CHECKPOINT_NOT_FOUND: { status: 404, message: 'There is no such checkpoint.' },
  CHECKPOINTS_REVERSED: { status: 400, message: 'The first checkpoint is newer than the second.' },
  ALREADY_EXISTS: { status: 409, message: 'There is one of this id already.' },
  ISSUER_TAKEN: { status: 409, message: 'Another tenant has this issuer.' },
} as const;

export type AdminErrorCode = keyof typeof refusals;

export class AdminRefusal extends DomainRefusal implements ProblemRefusal {
  readonly status: number;

  constructor(readonly code: AdminErrorCode) {
    super(refusals[code].message);
    this.name = 'AdminRefusal';
    this.status = refusals[code].status;
  }
}
