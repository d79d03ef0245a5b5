import { Injectable, Logger } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Column, Entity, JoinColumn, OneToOne, PrimaryColumn, type Relation, type Repository } from 'typeorm';
import { RecentCache } from '../../accounts/recent-cache';
import { Tenant } from '../../accounts/tenants/tenant.entities';
import { type StartCheck } from '../../platform/server-part';
import { OtpRefusal } from '../otp.errors';
import { faultsIn, type OtpSettingsInForce, readOtpSettings } from './otp-settings';

/** A tenant's OTP configuration; a tenant without one has no OTPs. */
@Entity({ name: 'otp_config' })
export class OtpConfig {
  @PrimaryColumn({ name: 'tenant_id', type: 'text' })
  tenantId: string;

  /** Only what the tenant set; defaults are filled in when it is read. */
  @Column({ type: 'jsonb' })
  settings: unknown;

  @OneToOne(() => Tenant, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'tenant_id', foreignKeyConstraintName: 'otp_config_tenant' })
  tenant?: Relation<Tenant>;
}

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

const allowedPerHour = 0.01;

/**
 * The problem where a recipient's codes can be guessed too easily, else undefined: each code created in an hour allows
 * `maxAttempts` guesses. NIST SP 800-63B, section 3.2.2, requires a limit on guesses.
 */
export function guessable(settings: OtpSettingsInForce): string | undefined {
  const { codeLength, maxAttempts, createsPerRecipientPerHour } = settings;
  const chance = (maxAttempts * createsPerRecipientPerHour) / 10 ** codeLength;
  if (chance <= allowedPerHour) return undefined;
  const percent = Math.round(chance * 1000) / 10;
  return `can be guessed with a chance of ${percent} % an hour; at most 1 % is allowed: make them longer, or allow fewer attempts or creates`;
}

/** The tenants whose codes can be guessed too easily for production. */
export const guessableCodes: StartCheck = async (dataSource) => {
  const configs = await dataSource.manager.find(OtpConfig, { order: { tenantId: 'ASC' } });
  return configs.flatMap(({ tenantId, settings }) => {
    const inForce = readOtpSettings(settings);
    const problem = inForce && guessable(inForce);
    return problem === undefined ? [] : [`The OTP codes of the tenant ${tenantId} ${problem}.`];
  });
};
