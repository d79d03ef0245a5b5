import { ProblemRefusal } from '../../platform/envelope/problem.error-format';

const refusals = {
  TENANT_NOT_FOUND: { status: 404, message: 'There is no such tenant.' },
  APPROVAL_NOT_FOUND: { status: 404, message: 'There is no such approval.' },
  NOT_FOUND: { status: 404, message: 'There is nothing of this id.' },
  RECALL_OVER: { status: 409, message: 'This recall is over.' },
  IDEMPOTENCY_KEY_IN_USE: { status: 409, message: 'The request with this idempotency key is still being served.' },
  IDEMPOTENCY_KEY_REUSED: { status: 422, message: 'This idempotency key belongs to another request.' },
  INSUFFICIENT_SCOPE: {
    status: 403,
    message: 'This needs an access token with the scope recall.',
    // RFC 6750, section 3.1.
    headers: { 'WWW-Authenticate': 'Bearer error="insufficient_scope", scope="recall"' },
  },
} as const;

export type RecallErrorCode = keyof typeof refusals;

/** What a recall refuses. */
export class RecallRefusal extends ProblemRefusal {
  constructor(readonly code: RecallErrorCode) {
    super(refusals[code]);
  }
}
