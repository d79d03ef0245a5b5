import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { plainToInstance, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsInt,
  IsObject,
  Length,
  Matches,
  Max,
  Min,
  ValidateIf,
  ValidateNested,
  validateSync,
} from 'class-validator';

/** An optional setting. Null is not the same as absent, and is refused. */
const Optional = () => ValidateIf((_, value) => value !== undefined);

/** An optional integer within bounds, with its default. */
const Setting = (bounds: { minimum: number; maximum: number; default: number }) =>
  applyDecorators(
    Optional(),
    IsInt(),
    Min(bounds.minimum),
    Max(bounds.maximum),
    ApiPropertyOptional({ type: 'integer', ...bounds }),
  );

const withCode =
  (max: number): PropertyDecorator =>
  (target, property) => {
    Length(1, max)(target, property);
    Matches(/\{code\}/, { message: `${String(property)} must hold {code}` })(target, property);
    Matches(/^[^\0]*$/, { message: `${String(property)} must not hold a NUL` })(target, property);
  };

/** A tenant's texts in one language. `{code}`, `{purpose}` and `{minutes}` are filled in; for what is left out our own text is used. */
export class OtpTemplate {
  /** A language tag in lower case, such as `de` or `de-ch`. */
  @Matches(/^[a-z]{2,3}(-[a-z0-9]{2,8}){0,3}$/)
  @ApiProperty({ example: 'de-ch' })
  locale: string;

  /** Of an e-mail; one line. */
  @Optional()
  @Length(1, 200)
  @Matches(/^[^\r\n\0]*$/, { message: 'subject must be one line' })
  @ApiPropertyOptional({ example: 'Ihr Code' })
  subject?: string;

  @Optional()
  @withCode(5_000)
  @ApiPropertyOptional({ example: 'Mit {code} können Sie {purpose}. Gültig für {minutes} min.' })
  email?: string;

  @Optional()
  @withCode(500)
  @ApiPropertyOptional({ example: '{code} ({minutes} min)' })
  sms?: string;
}

/** The languages that have built-in texts. */
export const locales = ['en', 'de'] as const;

/** The values of settings that a tenant has not set. */
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

  /** The tenant's own texts, at most one template per locale. */
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

/** The settings with every default filled in. */
export class OtpSettingsInForce extends (OtpSettings as new () => Readonly<Required<OtpSettings>>) {}
for (const setting of Object.keys(defaults)) ApiProperty({ required: true })(OtpSettingsInForce.prototype, setting);

/** What a tenant has set, with the defaults filled in. */
export function inForce(settings: Partial<OtpSettings>): OtpSettingsInForce {
  return { ...defaults, ...settings };
}

/** Reads what is stored for a tenant; undefined where it is no valid configuration (`faultsIn` lists why). */
export function readOtpSettings(stored: unknown): OtpSettingsInForce | undefined {
  return faultsIn(stored).length === 0 ? inForce(plainToInstance(OtpSettings, stored as object)) : undefined;
}

/** What is wrong with a stored configuration, by the paths of its settings. */
export function faultsIn(stored: unknown): string[] {
  if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) return ['it is no object'];
  return validateSync(plainToInstance(OtpSettings, stored)).map(({ property }) => property);
}
