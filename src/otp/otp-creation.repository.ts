import { Injectable } from '@nestjs/common';
import { type ClientBase } from 'pg';
import { Freezes } from '../approvals/freezes';
import { LifecycleEngine } from '../approvals/lifecycle-engine';
import { prepareFor } from '../approvals/prepare';
import { deliveryLoop, queueDelivery } from '../messages/delivery';
import { statement } from '../platform/database/statement';
import { Statements } from '../platform/database/statements';
import { Failed } from '../platform/envelope/failure';
import { type CountedQuota, type Quota } from '../platform/rate-limit/rate-limits';
import { RateLimits } from '../platform/rate-limit/rate-limits';
import { type IdempotentRequest, OtpIdempotencyRepository } from './otp-idempotency.repository';
import { type CreatedOtp } from './otp.dto';
import { type OtpMethod } from './otp.entity';
import { isPendingOtp, otpLifecycle } from './otp.lifecycle';
import { messageChannel, type OtpKey } from './otp.repository';

const prepare = prepareFor(otpLifecycle);

/** An OTP as it is to be stored. */
interface NewOtp extends OtpKey {
  readonly actor: string;
  readonly subjects: readonly string[];
  readonly scopeId: string | null;
  readonly method: OtpMethod;
  readonly recipientHash: Buffer;
  readonly recipientMasked: string;
  readonly codeHash: Buffer;
  readonly sealed: Buffer;
  readonly maxAttempts: number;
  readonly lifeSeconds: number;
  readonly maxResends: number;
  readonly resendIntervalSeconds: number;
}

/** How many OTPs a recipient and a tenant may have made. */
export interface CreationQuotas {
  readonly recipient: Quota;
  readonly tenant: Quota;
}

const beginOtp = prepare.begin<{ expiresAt: Date }>({
  name: 'otp-begin',
  owner: 'tenant WHERE id = :tenantId',
  values: {
    scope: ':scope',
    scope_id: ':scopeId::text',
    method: ':method',
    recipient_hash: ':recipientHash',
    recipient_masked: ':recipientMasked::text',
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

/** Ends the recipient's pending OTP before a new one begins. */
const supersedeOtp = prepare.transition({
  name: 'otp-supersede',
  where: `tenant_id = :tenantId AND scope = :scope AND method = :method AND recipient_hash = :recipientHash AND ${isPendingOtp}`,
  transitions: [
    { transition: 'cancel', set: { sealed: 'NULL' } },
    { transition: 'lapse', set: { sealed: 'NULL' } },
  ],
});

const lockRecipient = statement(
  'otp-lock-recipient',
  `SELECT pg_advisory_xact_lock(hashtextextended('otp recipient' || encode(:recipientHash::bytea, 'hex') || :scope || :method, 0))`,
);

/** Creates an OTP in one transaction. */
@Injectable()
export class OtpCreationRepository {
  constructor(
    private readonly engine: LifecycleEngine,
    private readonly statements: Statements,
    private readonly limits: RateLimits,
    private readonly idempotency: OtpIdempotencyRepository,
    private readonly freezes: Freezes,
  ) {}

  /**
   * Begins an OTP, ends what was pending for the same recipient, and queues the message. Rival creates for one
   * recipient take turns, so exactly one OTP stays pending.
   * @param request present when the call is idempotent: a repetition returns the first answer and creates nothing
   * @throws Failed `frozen`, `rate-limited`; nothing is created or counted then
   * @throws OtpRefusal IDEMPOTENCY_KEY_REUSED, IDEMPOTENCY_KEY_IN_USE
   */
  create(otp: NewOtp, quotas: CreationQuotas, request?: IdempotentRequest): Promise<CreatedOtp> {
    return this.statements.transaction(async (client) => {
      const answered = request && (await this.idempotency.answerOf(request, client));
      if (answered !== undefined) return answered;
      // Before the recipient's pending OTP gives way, and before a recall could wait for its row.
      await this.freezes.requireNone(otp, client);
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
    // The quota that resets last decides when a call is accepted again.
    const [exceeded] = counts.filter((each) => each.exceeded).sort((a, b) => b.resetSeconds - a.resetSeconds);
    if (exceeded !== undefined) throw new Failed({ kind: 'rate-limited', exceeded });
  }
}
