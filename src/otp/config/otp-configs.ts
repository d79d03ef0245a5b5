import { Injectable, Logger } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type Repository } from 'typeorm';
import { RecentCache } from '../../accounts/recent-cache';
import { OtpRefusal } from '../otp.errors';
import { OtpConfig } from './otp-config.entity';
import { faultsIn, type OtpSettingsInForce, readOtpSettings } from './otp-settings';

/** The settings in force of each tenant, at most five seconds old. */
@Injectable()
export class OtpConfigs {
  private readonly log = new Logger('OtpConfigs');
  private readonly cache: RecentCache<OtpSettingsInForce>;

  constructor(@InjectRepository(OtpConfig) private readonly configs: Repository<OtpConfig>) {
    this.cache = new RecentCache((tenantId) => this.read(tenantId));
  }

  /** @throws OtpRefusal TENANT_NOT_CONFIGURED when the tenant has no configuration or a broken one */
  async of(tenantId: string): Promise<OtpSettingsInForce> {
    const settings = await this.cache.get(tenantId);
    if (settings === undefined) throw new OtpRefusal('TENANT_NOT_CONFIGURED');
    return settings;
  }

  /** After a change made on this node. */
  forget(): void {
    this.cache.forgetAll();
  }

  private async read(tenantId: string): Promise<OtpSettingsInForce | undefined> {
    const stored = await this.configs.findOneBy({ tenantId });
    if (stored === null) return undefined;
    const settings = readOtpSettings(stored.settings);
    if (settings === undefined)
      this.log.error({ tenantId, faults: faultsIn(stored.settings) }, 'The OTP configuration of this tenant is broken');
    return settings;
  }
}
