import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { plainToInstance, Type } from 'class-transformer';
import { ArrayMaxSize, ArrayUnique, IsArray, IsIn, IsObject, validateSync, ValidateNested } from 'class-validator';
import { locales } from '../messages/wording';
import { OtpTemplate } from './otp-template';
import { Optional, Setting } from './setting';

/** What holds where a tenant has set nothing. */
export const defaults = {
  codeLength: 6,
  lifeSeconds: 600,
  maxAttempts: 5,
  resendIntervalSeconds: 60,
  maxResends: 3,
  createsPerRecipientPerHour: 10,
  createsPerTenantPerHour: 10_000,
  locale: 'en',
  templates: [],
} as const satisfies Required<OtpSettings>;

/** How a tenant's OTPs are. A change holds for OTPs made after it, save that codes of another length are malformed at once. */
export class OtpSettings {
  /** Digits in a code. */
  @Setting({ minimum: 4, maximum: 10, default: defaults.codeLength })
  codeLength?: number;

  /** How long a code may be used, in seconds. */
  @Setting({ minimum: 60, maximum: 600, default: defaults.lifeSeconds })
  lifeSeconds?: number;

  /** How many guesses a code has. */
  @Setting({ minimum: 1, maximum: 10, default: defaults.maxAttempts })
  maxAttempts?: number;

  /** The least time between two sendings of a code, in seconds. */
  @Setting({ minimum: 1, maximum: 600, default: defaults.resendIntervalSeconds })
  resendIntervalSeconds?: number;

  /** How often a code may be sent again. */
  @Setting({ minimum: 0, maximum: 10, default: defaults.maxResends })
  maxResends?: number;

  /** How many OTPs may be made for one recipient in an hour. */
  @Setting({ minimum: 1, maximum: 1_000, default: defaults.createsPerRecipientPerHour })
  createsPerRecipientPerHour?: number;

  /** How many OTPs the tenant may make in an hour. */
  @Setting({ minimum: 1, maximum: 10_000_000, default: defaults.createsPerTenantPerHour })
  createsPerTenantPerHour?: number;

  /** The language of messages where `x-locale` names none that there is. */
  @Optional()
  @IsIn(locales)
  @ApiPropertyOptional({ enum: locales, default: defaults.locale })
  locale?: (typeof locales)[number];

  /** The tenant's own words, at most one template a locale. */
  @Optional()
  @IsArray()
  @ArrayMaxSize(50)
  // Otherwise the items of an array within it are the ones that are checked.
  @IsObject({ each: true })
  @ArrayUnique(({ locale }: OtpTemplate) => locale)
  @ValidateNested({ each: true })
  @Type(() => OtpTemplate)
  @ApiPropertyOptional({ type: [OtpTemplate], default: [] })
  templates?: readonly OtpTemplate[];
}

/** The same with everything said. */
export class OtpSettingsInForce extends (OtpSettings as new () => Readonly<Required<OtpSettings>>) {}
for (const setting of Object.keys(defaults)) ApiProperty({ required: true })(OtpSettingsInForce.prototype, setting);

/** What a tenant has set, with the defaults filled in. */
export function inForce(settings: Partial<OtpSettings>): OtpSettingsInForce {
  return { ...defaults, ...settings };
}

/** Reads what is stored for a tenant; undefined, and `faultsIn` says why, where it is no valid configuration. */
export function readOtpSettings(stored: unknown): OtpSettingsInForce | undefined {
  return faultsIn(stored).length === 0 ? inForce(plainToInstance(OtpSettings, stored as object)) : undefined;
}

/** What is wrong with a stored configuration, by the paths of its settings. */
export function faultsIn(stored: unknown): string[] {
  if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) return ['it is no object'];
  return validateSync(plainToInstance(OtpSettings, stored)).map(({ property }) => property);
}
