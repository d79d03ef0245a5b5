import { Injectable } from '@nestjs/common';
import { type ClientBase } from 'pg';
import { DataSource, Repository } from 'typeorm';
import { statement } from '../platform/database/statement';
import { Statements } from '../platform/database/statements';
import { deliveryLoop, queueDelivery } from '../messages/delivery';
import { type OtpStatus } from './otp.dto';
import { LifecycleEngine, type OutcomeOf } from '../approvals/lifecycle-engine';
import { isIn } from '../approvals/lifecycle';
import { prepareFor } from '../approvals/prepare';
import { effectiveState, now } from '../approvals/transition-statement';
import { Otp, type OtpMethod, type OtpScope } from './otp.entity';
import { isPendingOtp, otpLifecycle } from './otp.lifecycle';

const prepare = prepareFor(otpLifecycle);

/** Names one OTP. */
export interface OtpKey {
  readonly tenantId: string;
  readonly id: string;
  readonly scope: OtpScope;
}

type OtpOutcome<Row = object> = OutcomeOf<typeof otpLifecycle, Row>;

interface Attempts {
  readonly attempts: number;
  readonly maxAttempts: number;
}

interface Resends {
  readonly resends: number;
  readonly maxResends: number;
  readonly resendAvailableAt: Date;
}

/** What the last sending of an OTP is made from. */
interface OtpToSend {
  readonly sealed: Buffer;
  readonly scope: OtpScope;
  readonly method: OtpMethod;
  readonly secondsLeft: number;
}

export const messageChannel = 'otp-message';

const byKey = 'tenant_id = :tenantId AND id = :id AND scope = :scope';

/** Erases code and recipient, which are no longer needed. */
export const forgotten = { sealed: 'NULL' };

export const cancelOtp = prepare.transition({
  name: 'otp-cancel',
  where: byKey,
  transitions: [{ transition: 'cancel', set: forgotten }],
});

/** Counts the guess in the statement that checks it, so that no two guesses share an attempt. */
const verifyOtp = prepare.transition<Attempts>({
  name: 'otp-verify',
  where: byKey,
  transitions: [
    { transition: 'verify', when: 'code_hash = :codeHash', set: { attempts: 'attempts + 1', ...forgotten } },
    { transition: 'exhaust', when: 'attempts + 1 >= max_attempts', set: { attempts: 'attempts + 1', ...forgotten } },
    { transition: 'miss', set: { attempts: 'attempts + 1' } },
  ],
  returning: { attempts: 'attempts', maxAttempts: 'max_attempts' },
});

const resendOtp = prepare.transition<Resends>({
  name: 'otp-resend',
  where: byKey,
  transitions: [
    {
      transition: 'resend',
      when: 'resends < max_resends AND resend_available_at <= _now',
      set: {
        resends: 'resends + 1',
        resend_available_at: '_now + make_interval(secs => resend_interval_seconds)',
      },
    },
  ],
  returning: { resends: 'resends', maxResends: 'max_resends', resendAvailableAt: 'resend_available_at' },
  also: { queued: queueDelivery({ channel: messageChannel, from: 'moved' }) },
  nudges: deliveryLoop,
});

const consumeOtp = prepare.transition({ name: 'otp-consume', where: byKey, transitions: ['consume'] });

/** Stores timeouts, and erases the secrets of the OTPs concerned. */
const expireSome = prepare.sweep({ name: 'otp-expire', set: forgotten });
const expireAll = prepare.timeout({ name: 'otp-expire-all', set: forgotten });

const otpStatus = statement(
  'otp-status',
  `SELECT status, expires_at AS "expiresAt", max_attempts - attempts AS "attemptsRemaining",
     CASE WHEN ${isPendingOtp} AND resends < max_resends THEN resend_available_at END AS "resendAvailableAt",
     (SELECT state FROM delivery WHERE delivery.tenant_id = found.tenant_id AND approval_id = found.id AND channel = '${messageChannel}'
      ORDER BY created_at DESC LIMIT 1) AS delivery
   FROM (
     SELECT tenant_id, id, ${effectiveState(otpLifecycle, now)} AS status, expires_at, attempts, max_attempts, resends,
       max_resends, resend_available_at
     FROM otp WHERE ${byKey}
   ) AS found`,
);

const otpToSend = statement(
  'otp-to-send',
  `SELECT sealed, scope, method, extract(epoch FROM expires_at - (${now}))::float8 AS "secondsLeft"
   FROM otp WHERE tenant_id = :tenantId AND id = :id AND sealed IS NOT NULL AND ${isIn(otpLifecycle, ['pending'], effectiveState(otpLifecycle, now))}
     AND NOT EXISTS (SELECT 1 FROM delivery WHERE tenant_id = :tenantId AND approval_id = :id AND channel = '${messageChannel}'
       AND created_at > (SELECT created_at FROM delivery WHERE id = :deliveryId))`,
);

/** The transitions of one-time passwords, and what is read of them. */
@Injectable()
export class OtpRepository extends Repository<Otp> {
  constructor(
    dataSource: DataSource,
    private readonly engine: LifecycleEngine,
    private readonly statements: Statements,
  ) {
    super(Otp, dataSource.manager);
  }

  cancel(key: OtpKey, actor: string): Promise<OtpOutcome | undefined> {
    return this.engine.transition(cancelOtp, { ...key, actor });
  }

  verify(key: OtpKey, codeHash: Buffer, actor: string): Promise<OtpOutcome<Attempts> | undefined> {
    return this.engine.transition(verifyOtp, { ...key, codeHash, actor });
  }

  /** Queues another sending of the same code. */
  resend(key: OtpKey, actor: string): Promise<OtpOutcome<Resends> | undefined> {
    return this.engine.transition(resendOtp, { ...key, actor });
  }

  consume(key: OtpKey, actor: string): Promise<OtpOutcome | undefined> {
    return this.engine.transition(consumeOtp, { ...key, actor });
  }

  async status(key: OtpKey): Promise<OtpStatus | undefined> {
    const [found] = await this.statements.run<OtpStatus>(otpStatus, { ...key });
    return found;
  }

  /** What a delivery is to send; undefined once the OTP is over, or a later delivery sends it. */
  async toSend(tenantId: string, id: string, deliveryId: string): Promise<OtpToSend | undefined> {
    const [found] = await this.statements.run<OtpToSend>(otpToSend, { tenantId, id, deliveryId });
    return found;
  }

  /** Stores the expiry of at most `size` OTPs, and returns how many. */
  async expire(size: number): Promise<number> {
    return (await this.engine.transitionAll(expireSome, { actor: 'clock', size })).length;
  }

  async expireAll(client: ClientBase): Promise<void> {
    await this.engine.transitionAll(expireAll, { actor: 'clock' }, client);
  }
}
