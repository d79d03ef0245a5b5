import { Injectable } from '@nestjs/common';
import { ulid } from 'ulid';
import { Identifiers, masked, normaliseEmail, normaliseTelephone } from '../accounts/people/identifiers';
import { subjectsOfPerson } from '../approvals/finding';
import { Failed } from '../platform/envelope/failure';
import { newDigits } from '../platform/secrets/random-secret';
import { OtpConfigs } from './config/otp-configs';
import { type OtpSettingsInForce } from './config/otp-settings';
import { type CreationQuotas, OtpCreationRepository } from './otp-creation.repository';
import { OtpIdempotencyRepository } from './otp-idempotency.repository';
import { type CreatedOtp, type CreateOtp, type CreationOptions } from './otp.dto';
import { type OtpMethod } from './otp.entity';
import { OtpSecrets } from './otp.secrets';
import { subjectsOfCaller, type TenantPrincipal } from '../accounts/tokens/access-tokens';

const hourSeconds = 3600;

/** Creates one-time passwords. */
@Injectable()
export class OtpCreationService {
  constructor(
    private readonly creation: OtpCreationRepository,
    private readonly idempotency: OtpIdempotencyRepository,
    private readonly configs: OtpConfigs,
    private readonly secrets: OtpSecrets,
    private readonly identifiers: Identifiers,
  ) {}

  /**
   * Creates an OTP and queues its message; one that was pending for the same scope, method and recipient is cancelled.
   * @throws Failed `invalid-input` when the recipient is no address of its method; `frozen`; `unauthenticated` when the
   *   caller's OAuth client has been deleted; `rate-limited` when the
   *   recipient or the tenant has had too many
   * @throws OtpRefusal TENANT_NOT_CONFIGURED, IDEMPOTENCY_KEY_REUSED, IDEMPOTENCY_KEY_IN_USE
   */
  async create(caller: TenantPrincipal, input: CreateOtp, options: CreationOptions): Promise<CreatedOtp> {
    const { tenantId, actor } = caller;
    const { scope, method } = input;
    const recipient = normaliseRecipient(method, input.recipient);
    const settings = await this.configs.of(tenantId);
    const id = ulid();
    const code = newDigits(settings.codeLength);
    const scopeId = input.scopeId ?? null;
    const locale = options.locale ?? null;
    const recipientHash = this.identifiers.recipientHash(tenantId, recipient);
    const otp = {
      ...{ tenantId, id, actor, scope, scopeId, method },
      recipientHash,
      subjects: [
        ...subjectsOfPerson({ [method === 'email' ? 'emailHash' : 'telephoneHash']: recipientHash }),
        ...subjectsOfCaller(caller),
      ],
      recipientMasked: masked(recipient),
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

/**
 * The one spelling of a recipient: an e-mail address in lower case, a telephone number in E.164.
 * @throws Failed `invalid-input` when it is none
 */
export function normaliseRecipient(method: OtpMethod, recipient: string): string {
  const normal = method === 'email' ? normaliseEmail(recipient) : normaliseTelephone(recipient);
  if (normal !== undefined) return normal;
  const problem = method === 'email' ? 'Invalid email' : 'Invalid phone number';
  throw new Failed({ kind: 'invalid-input', faults: [{ field: 'recipient', problem }] });
}
