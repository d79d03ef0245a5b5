import { type TenantPrincipal } from '../accounts/tokens/access-tokens';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ApprovalsClock } from '../approvals/approvals-clock';
import { Failed } from '../platform/envelope/failure';
import { Jobs } from '../platform/jobs/jobs';
import { OtpConfigs } from './config/otp-configs';
import { type OtpReference, type OtpStatus, type VerifyOtp } from './otp.dto';
import { type OtpErrorCode, OtpRefusal } from './otp.errors';
import { type OtpState } from './otp.lifecycle';
import { OtpRepository } from './otp.repository';
import { OtpSecrets } from './otp.secrets';

/** The error of a cancel by the state it finds; undefined where the cancel succeeds. */
const cancelAnswers = {
  pending: undefined,
  cancelled: undefined,
  verified: 'OTP_NOT_CANCELABLE',
  consumed: 'OTP_NOT_CANCELABLE',
  failed: 'OTP_NOT_CANCELABLE',
  expired: 'OTP_NOT_CANCELABLE',
} as const satisfies Record<OtpState, OtpErrorCode | undefined>;

/** The error of a verification or a resend where the OTP was not pending. */
const overAnswers = {
  verified: 'OTP_ALREADY_VERIFIED',
  consumed: 'OTP_ALREADY_VERIFIED',
  failed: 'OTP_FAILED',
  expired: 'OTP_EXPIRED',
  cancelled: 'OTP_CANCELLED',
} as const satisfies Record<Exclude<OtpState, 'pending'>, OtpErrorCode>;

/** The error of a consumption where the OTP was not verified. */
const consumeAnswers = {
  pending: 'OTP_NOT_VERIFIED',
  consumed: 'OTP_ALREADY_CONSUMED',
  failed: 'OTP_FAILED',
  expired: 'OTP_EXPIRED',
  cancelled: 'OTP_CANCELLED',
} as const satisfies Record<Exclude<OtpState, 'verified'>, OtpErrorCode>;

/** Verifies, resends, consumes and cancels one-time passwords, and reads their status. */
@Injectable()
export class OtpService {
  constructor(
    private readonly otps: OtpRepository,
    private readonly configs: OtpConfigs,
    private readonly secrets: OtpSecrets,
  ) {}

  /**
   * Cancels a pending OTP. Cancelling a cancelled one succeeds and changes nothing. Source: Cancel (OTP).
   * @throws OtpRefusal TENANT_NOT_CONFIGURED, OTP_NOT_FOUND, or OTP_NOT_CANCELABLE when it has been verified,
   *   consumed, has failed or expired
   */
  async cancel({ tenantId, actor }: TenantPrincipal, { id, scope }: OtpReference): Promise<void> {
    await this.configs.of(tenantId);
    const { before } = found(await this.otps.cancel({ tenantId, id, scope }, actor));
    const refusal = cancelAnswers[before];
    if (refusal !== undefined) throw new OtpRefusal(refusal);
  }

  /**
   * Checks a guess. Each costs an attempt; the right code passes on the last one too.
   * @throws Failed `invalid-input` when the code is not of the tenant's length in digits; that costs no attempt
   * @throws OtpRefusal TENANT_NOT_CONFIGURED, OTP_NOT_FOUND, OTP_INVALID with `attemptsRemaining`, OTP_FAILED,
   *   OTP_EXPIRED, OTP_CANCELLED, OTP_ALREADY_VERIFIED
   */
  async verify({ tenantId, actor }: TenantPrincipal, { id, scope, code }: VerifyOtp): Promise<void> {
    const { codeLength } = await this.configs.of(tenantId);
    checkCode(code, codeLength);
    const codeHash = this.secrets.codeHash(tenantId, id, code);
    const outcome = found(await this.otps.verify({ tenantId, id, scope }, codeHash, actor));
    if (outcome.before !== 'pending') throw new OtpRefusal(overAnswers[outcome.before]);
    if (outcome.after === 'failed') throw new OtpRefusal('OTP_FAILED');
    if (outcome.after !== 'verified')
      throw new OtpRefusal('OTP_INVALID', { attemptsRemaining: outcome.maxAttempts - outcome.attempts });
  }

  /**
   * Sends the same code again, by the same method. Attempts stay as they are.
   * @throws OtpRefusal TENANT_NOT_CONFIGURED, OTP_NOT_FOUND, OTP_RESEND_LIMIT, OTP_RESEND_TOO_SOON with
   *   `retryAfterSeconds`, OTP_FAILED, OTP_EXPIRED, OTP_CANCELLED, OTP_ALREADY_VERIFIED
   */
  async resend({ tenantId, actor }: TenantPrincipal, { id, scope }: OtpReference): Promise<void> {
    await this.configs.of(tenantId);
    const outcome = found(await this.otps.resend({ tenantId, id, scope }, actor));
    if (outcome.moved) return;
    if (outcome.before !== 'pending') throw new OtpRefusal(overAnswers[outcome.before]);
    if (outcome.resends >= outcome.maxResends) throw new OtpRefusal('OTP_RESEND_LIMIT');
    const waitMs = outcome.resendAvailableAt.getTime() - outcome.at.getTime();
    throw new OtpRefusal('OTP_RESEND_TOO_SOON', { retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) });
  }

  /**
   * Uses a verified OTP up, once.
   * @throws OtpRefusal TENANT_NOT_CONFIGURED, OTP_NOT_FOUND, OTP_NOT_VERIFIED, OTP_ALREADY_CONSUMED, OTP_FAILED,
   *   OTP_EXPIRED, OTP_CANCELLED
   */
  async consume({ tenantId, actor }: TenantPrincipal, { id, scope }: OtpReference): Promise<void> {
    await this.configs.of(tenantId);
    const { before } = found(await this.otps.consume({ tenantId, id, scope }, actor));
    if (before !== 'verified') throw new OtpRefusal(consumeAnswers[before]);
  }

  /** @throws OtpRefusal TENANT_NOT_CONFIGURED, OTP_NOT_FOUND */
  async status({ tenantId }: TenantPrincipal, { id, scope }: OtpReference): Promise<OtpStatus> {
    await this.configs.of(tenantId);
    return found(await this.otps.status({ tenantId, id, scope }));
  }
}

function found<Found>(answer: Found | undefined): Found {
  if (answer === undefined) throw new OtpRefusal('OTP_NOT_FOUND');
  return answer;
}

function checkCode(code: string, length: number): void {
  if (code.length === length && /^\d+$/.test(code)) return;
  throw new Failed({ kind: 'invalid-input', faults: [{ field: 'code', problem: `Expected ${length} digits` }] });
}

/**
 * Ends OTPs without a call: those that have timed out, so that code and recipient are erased within a minute, and those
 * of a deleted tenant.
 */
@Injectable()
export class OtpExpiry implements OnModuleInit {
  constructor(
    private readonly jobs: Jobs,
    private readonly clock: ApprovalsClock,
    private readonly otps: OtpRepository,
  ) {}

  onModuleInit(): void {
    this.jobs.everyMinute('expire-otps', (size) => this.otps.expire(size));
    this.clock.beforeTransition((client) => this.otps.expireAll(client));
  }
}
