import { Injectable } from '@nestjs/common';
import { ulid } from 'ulid';
import { type OtpSettingsInForce } from './config/otp-settings';
import { OtpConfigs } from './config/otp-configs';
import { type CreateOtp } from './dto/create-otp.dto';
import { type CreationOptions } from './dto/creation-options';
import { type CreatedOtp } from './dto/otp-answers.dto';
import { type CreationQuotas } from './new-otp';
import { OtpCreationRepository } from './otp-creation.repository';
import { OtpIdempotencyRepository } from './otp-idempotency.repository';
import { normaliseRecipient } from './otp.recipient';
import { OtpSecrets } from './otp.secrets';
import { type OtpCaller } from './otp.service';

const hourSeconds = 3600;

/** The beginning of one-time passwords. */
@Injectable()
export class OtpCreationService {
  constructor(
    private readonly creation: OtpCreationRepository,
    private readonly idempotency: OtpIdempotencyRepository,
    private readonly configs: OtpConfigs,
    private readonly secrets: OtpSecrets,
  ) {}

  /**
   * Makes an OTP and queues its message; one that was pending for the same scope, method and recipient is cancelled.
   * @throws Failed `invalid-input` when the recipient is no address of its method; `rate-limited` when the recipient
   *   or the tenant has had too many
   * @throws OtpRefusal TENANT_NOT_CONFIGURED, IDEMPOTENCY_KEY_REUSED, IDEMPOTENCY_KEY_IN_USE
   */
  async create({ tenantId, actor }: OtpCaller, input: CreateOtp, options: CreationOptions): Promise<CreatedOtp> {
    const { scope, method } = input;
    const recipient = normaliseRecipient(method, input.recipient);
    const settings = await this.configs.of(tenantId);
    const id = ulid();
    const code = this.secrets.newCode(settings.codeLength);
    const scopeId = input.scopeId ?? null;
    const locale = options.locale ?? null;
    const otp = {
      ...{ tenantId, id, actor, scope, scopeId, method },
      recipientHash: this.secrets.recipientHash(tenantId, recipient),
      codeHash: this.secrets.codeHash(tenantId, id, code),
      sealed: this.secrets.seal(tenantId, id, { code, recipient, locale }),
      maxAttempts: settings.maxAttempts,
      lifeSeconds: settings.lifeSeconds,
      maxResends: settings.maxResends,
      resendIntervalSeconds: settings.resendIntervalSeconds,
    };
    const body = { scope, scopeId, method, recipient, locale };
    const key = options.idempotencyKey;
    const request = key === undefined ? undefined : this.idempotency.requestOf(tenantId, key, body);
    return this.creation.create(otp, quotasOf(settings), request);
  }
}

function quotasOf({ createsPerRecipientPerHour, createsPerTenantPerHour }: OtpSettingsInForce): CreationQuotas {
  return {
    recipient: { policy: 'recipient', limit: createsPerRecipientPerHour, windowSeconds: hourSeconds },
    tenant: { policy: 'tenant', limit: createsPerTenantPerHour, windowSeconds: hourSeconds },
  };
}
