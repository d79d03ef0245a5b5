import { Injectable, Logger } from '@nestjs/common';
import { RecentCache } from '../platform/tenancy/recent-cache';
import { type OtpSettings, readOtpSettings } from './otp-settings';
import { OtpRefusal } from './otp.errors';
import { OtpRepository } from './otp.repository';

/** The settings in force of each tenant, at most five seconds old. */
@Injectable()
export class OtpConfigs {
  private readonly log = new Logger('OtpConfigs');
  private readonly cache: RecentCache<OtpSettings>;

  constructor(otps: OtpRepository) {
    this.cache = new RecentCache(async (tenantId) => {
      const stored = await otps.configOf(tenantId);
      const settings = readOtpSettings(stored);
      if (stored !== undefined && settings === undefined)
        this.log.error({ tenantId }, 'The OTP configuration of this tenant is broken');
      return settings;
    });
  }

  /** @throws OtpRefusal TENANT_NOT_CONFIGURED when the tenant has no configuration or a broken one */
  async of(tenantId: string): Promise<OtpSettings> {
    const settings = await this.cache.get(tenantId);
    if (settings === undefined) throw new OtpRefusal('TENANT_NOT_CONFIGURED');
    return settings;
  }

  /** After a change made on this node. */
  forget(): void {
    this.cache.forgetAll();
  }
}
