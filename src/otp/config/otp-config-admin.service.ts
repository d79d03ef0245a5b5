import { Inject, Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type Repository } from 'typeorm';
import { Registry } from '../../accounts/tenants/registry';
import { Failed } from '../../platform/envelope/failure';
import { ProblemRefusal } from '../../platform/envelope/problem.error-format';
import { type Settings, SETTINGS } from '../../platform/settings/settings';
import { guessable, OtpConfig, OtpConfigs } from './otp-configs';
import { inForce, type OtpSettings, type OtpSettingsInForce, readOtpSettings } from './otp-settings';

const refusals = {
  TENANT_NOT_FOUND: { status: 404, message: 'There is no such tenant.' },
  OTP_CONFIG_NOT_FOUND: { status: 404, message: 'There is no such tenant, or it has no OTP configuration.' },
  OTP_CONFIG_BROKEN: { status: 409, message: 'What is stored is no valid OTP configuration; put a new one.' },
} as const;

/** What cannot be done with a tenant's OTP settings. */
export class OtpConfigRefusal extends ProblemRefusal {
  constructor(readonly code: keyof typeof refusals) {
    super(refusals[code]);
  }
}

const slug = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** Sets a tenant's OTP configuration. It applies at once on this node, within five seconds on others. */
@Injectable()
export class OtpConfigAdminService {
  constructor(
    @InjectRepository(OtpConfig) private readonly table: Repository<OtpConfig>,
    private readonly configs: OtpConfigs,
    private readonly registry: Registry,
    @Inject(SETTINGS) private readonly server: Settings,
  ) {}

  /**
   * Replaces all settings.
   * @throws Failed `invalid-input` when the codes can be guessed too easily for production
   * @throws OtpConfigRefusal TENANT_NOT_FOUND
   */
  async put(tenantId: string, settings: OtpSettings): Promise<OtpSettingsInForce> {
    if ((await this.registry.tenant(tenantId)) === undefined) throw new OtpConfigRefusal('TENANT_NOT_FOUND');
    const problem = this.server.production ? guessable(inForce(settings)) : undefined;
    if (problem !== undefined) throw new Failed({ kind: 'invalid-input', faults: [{ field: 'codeLength', problem }] });
    await this.table.upsert({ tenantId, settings }, ['tenantId']);
    this.configs.forget();
    return inForce(settings);
  }

  /** @throws OtpConfigRefusal OTP_CONFIG_NOT_FOUND, or OTP_CONFIG_BROKEN when it is not valid (any more) */
  async get(tenantId: string): Promise<OtpSettingsInForce> {
    const stored = slug.test(tenantId) ? await this.table.findOneBy({ tenantId }) : null;
    if (stored === null) throw new OtpConfigRefusal('OTP_CONFIG_NOT_FOUND');
    const settings = readOtpSettings(stored.settings);
    if (settings === undefined) throw new OtpConfigRefusal('OTP_CONFIG_BROKEN');
    return settings;
  }

  /** @throws OtpConfigRefusal OTP_CONFIG_NOT_FOUND */
  async delete(tenantId: string): Promise<void> {
    const { affected } = slug.test(tenantId) ? await this.table.delete({ tenantId }) : { affected: 0 };
    if (affected !== 1) throw new OtpConfigRefusal('OTP_CONFIG_NOT_FOUND');
    this.configs.forget();
  }
}
