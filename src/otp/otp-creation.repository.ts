import { Injectable } from '@nestjs/common';
import { type ClientBase } from 'pg';
import { statement } from '../platform/database/statement';
import { Statements } from '../platform/database/statements';
import { deliveryLoop, queueDelivery } from '../messages/queue-delivery';
import { Failed } from '../platform/envelope/failure';
import { LifecycleEngine, prepareBegin, prepareTransition } from '../approvals/lifecycle-engine';
import { type CountedQuota } from '../platform/rate-limit/quota';
import { RateLimits } from '../platform/rate-limit/rate-limits';
import { type CreatedOtp } from './dto/otp-answers.dto';
import { type CreationQuotas, type NewOtp } from './new-otp';
import { type IdempotentRequest, OtpIdempotencyRepository } from './otp-idempotency.repository';
import { otpLifecycle } from './otp.lifecycle';
import { messageChannel } from './otp.repository';

const beginOtp = prepareBegin<{ expiresAt: Date }>(otpLifecycle, {
  name: 'otp-begin',
  owner: 'tenant WHERE id = :tenantId',
  values: {
    scope: ':scope',
    scope_id: ':scopeId::text',
    method: ':method',
    recipient_hash: ':recipientHash',
    code_hash: ':codeHash',
    sealed: ':sealed',
    max_attempts: ':maxAttempts',
    expires_at: '_now + make_interval(secs => :lifeSeconds)',
    max_resends: ':maxResends',
    resend_interval_seconds: ':resendIntervalSeconds::int',
    resend_available_at: '_now + make_interval(secs => :resendIntervalSeconds::int)',
  },
  returning: { expiresAt: 'expires_at' },
  also: { queued: queueDelivery({ channel: messageChannel, from: 'begun' }) },
  nudges: deliveryLoop,
});

/** What is pending for a recipient gives way to a new one. */
const supersedeOtp = prepareTransition(otpLifecycle, {
  name: 'otp-supersede',
  where: `tenant_id = :tenantId AND scope = :scope AND method = :method AND recipient_hash = :recipientHash AND status = 'pending'`,
  transitions: [
    { transition: 'cancel', set: { sealed: 'NULL' } },
    { transition: 'lapse', set: { sealed: 'NULL' } },
  ],
});

const lockRecipient = statement(
  'otp-lock-recipient',
  `SELECT pg_advisory_xact_lock(hashtextextended('otp recipient' || encode(:recipientHash::bytea, 'hex') || :scope || :method, 0))`,
);

/** Making an OTP: everything of it in one transaction, or nothing. */
@Injectable()
export class OtpCreationRepository {
  constructor(
    private readonly engine: LifecycleEngine,
    private readonly statements: Statements,
    private readonly limits: RateLimits,
    private readonly idempotency: OtpIdempotencyRepository,
  ) {}

  /**
   * Begins an OTP, ends what was pending for the same recipient, and queues the message. Rival creates for one
   * recipient take turns, so exactly one OTP stays pending.
   * @param request where the caller may repeat it: a repetition is given the first answer, and nothing is made
   * @throws Failed `rate-limited`, and nothing has been made or counted
   * @throws OtpRefusal IDEMPOTENCY_KEY_REUSED, IDEMPOTENCY_KEY_IN_USE
   */
  create(otp: NewOtp, quotas: CreationQuotas, request?: IdempotentRequest): Promise<CreatedOtp> {
    return this.statements.transaction(async (client) => {
      const answered = request && (await this.idempotency.answerOf(request, client));
      if (answered !== undefined) return answered;
      const created = await this.begin(otp, client);
      await this.count(otp, quotas, client);
      if (request !== undefined) await this.idempotency.remember(request, created, client);
      return created;
    });
  }

  private async begin(otp: NewOtp, client: ClientBase): Promise<CreatedOtp> {
    const { tenantId, scope, method, recipientHash, actor, id } = otp;
    await this.statements.run(lockRecipient, { recipientHash, scope, method }, client);
    await this.engine.transitionAll(supersedeOtp, { tenantId, scope, method, recipientHash, actor }, client);
    const begun = await this.engine.begin(beginOtp, { ...otp }, client);
    if (begun === undefined) throw new Error('A new OTP has not been stored');
    return { id, expiresAt: begun.expiresAt.toISOString(), resendInterval: otp.resendIntervalSeconds };
  }

  /** Last, since creates of one tenant wait for each other from here to the commit. */
  private async count(otp: NewOtp, { recipient, tenant }: CreationQuotas, client: ClientBase): Promise<void> {
    const keys = [
      [`otp-recipient:${otp.recipientHash.toString('hex')}`, recipient],
      [`otp-tenant:${otp.tenantId}`, tenant],
    ] as const;
    const counts: CountedQuota[] = [];
    for (const [key, quota] of keys) counts.push(await this.limits.count(key, quota, client));
    // The one that is spent for longest says when a call is let in again.
    const [exceeded] = counts.filter((each) => each.exceeded).sort((a, b) => b.resetSeconds - a.resetSeconds);
    if (exceeded !== undefined) throw new Failed({ kind: 'rate-limited', exceeded });
  }
}
