import { Injectable } from '@nestjs/common';
import { ulid } from 'ulid';
import { Failed } from '../platform/envelope/failure';
import { type CreateOtp } from './dto/create-otp.dto';
import { type OtpReference } from './dto/otp-reference.dto';
import { type VerifyOtp } from './dto/verify-otp.dto';
import { OtpConfigs } from './otp-configs';
import { type OtpErrorCode, OtpRefusal } from './otp.errors';
import { type OtpState } from './otp.lifecycle';
import { normaliseRecipient } from './otp.recipient';
import { OtpRepository } from './otp.repository';
import { OtpSecrets } from './otp.secrets';

/** The tenant that asks, and the name history knows the asker by. */
export interface OtpCaller {
  readonly tenantId: string;
  readonly actor: string;
}

export interface CreatedOtp {
  readonly id: string;
  readonly expiresAt: Date;
  /** The least time before a resend, in seconds. */
  readonly resendInterval: number;
}

/** What a cancel answers in each state it finds: nothing (it succeeded), or why not. */
const cancelAnswers = {
  pending: undefined,
  cancelled: undefined,
  verified: 'OTP_NOT_CANCELABLE',
  consumed: 'OTP_NOT_CANCELABLE',
  failed: 'OTP_NOT_CANCELABLE',
  expired: 'OTP_NOT_CANCELABLE',
} as const satisfies Record<OtpState, OtpErrorCode | undefined>;

/** What a verification answers where the OTP was not pending. */
const verifyAnswers = {
  verified: 'OTP_ALREADY_VERIFIED',
  consumed: 'OTP_ALREADY_VERIFIED',
  failed: 'OTP_FAILED',
  expired: 'OTP_EXPIRED',
  cancelled: 'OTP_CANCELLED',
} as const satisfies Record<Exclude<OtpState, 'pending'>, OtpErrorCode>;

/** The life of one-time passwords. */
@Injectable()
export class OtpService {
  constructor(
    private readonly otps: OtpRepository,
    private readonly configs: OtpConfigs,
    private readonly secrets: OtpSecrets,
  ) {}

  /**
   * Makes an OTP; one that was pending for the same scope, method and recipient is cancelled.
   * @throws Failed `invalid-input` when the recipient is no address of its method
   * @throws OtpRefusal TENANT_NOT_CONFIGURED
   */
  async create({ tenantId, actor }: OtpCaller, input: CreateOtp): Promise<CreatedOtp> {
    const recipient = normaliseRecipient(input.method, input.recipient);
    const settings = await this.configs.of(tenantId);
    const id = ulid();
    const code = this.secrets.newCode(settings.codeLength);
    const { expiresAt } = await this.otps.create({
      tenantId,
      id,
      actor,
      scope: input.scope,
      scopeId: input.scopeId ?? null,
      method: input.method,
      recipientHash: this.secrets.recipientHash(tenantId, recipient),
      codeHash: this.secrets.codeHash(tenantId, id, code),
      sealed: this.secrets.seal(tenantId, id, { code, recipient }),
      maxAttempts: settings.maxAttempts,
      lifeSeconds: settings.lifeSeconds,
    });
    return { id, expiresAt, resendInterval: settings.resendIntervalSeconds };
  }

  /**
   * Calls an OTP back. Cancelling a cancelled one succeeds and does nothing more. Source: Cancel (OTP).
   * @throws OtpRefusal TENANT_NOT_CONFIGURED, OTP_NOT_FOUND, or OTP_NOT_CANCELABLE when it has been verified,
   *   consumed, has failed or expired
   */
  async cancel({ tenantId, actor }: OtpCaller, { id, scope }: OtpReference): Promise<void> {
    await this.configs.of(tenantId);
    const outcome = await this.otps.cancel({ tenantId, id, scope }, actor);
    if (outcome === undefined) throw new OtpRefusal('OTP_NOT_FOUND');
    const refusal = cancelAnswers[outcome.before];
    if (refusal !== undefined) throw new OtpRefusal(refusal);
  }

  /**
   * Judges a guess. Each costs an attempt; the right code passes on the last one too.
   * @throws Failed `invalid-input` when the code is not of the tenant's length in digits; that costs no attempt
   * @throws OtpRefusal TENANT_NOT_CONFIGURED, OTP_NOT_FOUND, OTP_INVALID with `attemptsRemaining`, OTP_FAILED,
   *   OTP_EXPIRED, OTP_CANCELLED, OTP_ALREADY_VERIFIED
   */
  async verify({ tenantId, actor }: OtpCaller, { id, scope, code }: VerifyOtp): Promise<void> {
    const { codeLength } = await this.configs.of(tenantId);
    if (!new RegExp(`^\\d{${codeLength}}$`).test(code))
      throw new Failed({
        kind: 'invalid-input',
        faults: [{ field: 'code', problem: `Expected ${codeLength} digits` }],
      });
    const codeHash = this.secrets.codeHash(tenantId, id, code);
    const outcome = await this.otps.verify({ tenantId, id, scope }, codeHash, actor);
    if (outcome === undefined) throw new OtpRefusal('OTP_NOT_FOUND');
    if (outcome.before !== 'pending') throw new OtpRefusal(verifyAnswers[outcome.before]);
    if (outcome.after === 'failed') throw new OtpRefusal('OTP_FAILED');
    if (outcome.after !== 'verified')
      throw new OtpRefusal('OTP_INVALID', { attemptsRemaining: outcome.maxAttempts - outcome.attempts });
  }
}
