import { ApiPropertyOptional } from '@nestjs/swagger';
import { plainToInstance } from 'class-transformer';
import { IsInt, Max, Min, validateSync } from 'class-validator';

/** How a tenant's OTPs are. Whatever is not set has its default. */
export class OtpSettings {
  /** Digits in a code. */
  @IsInt()
  @Min(4)
  @Max(10)
  @ApiPropertyOptional({ minimum: 4, maximum: 10, default: 6 })
  codeLength = 6;

  /** How long a code may be used, in seconds. */
  @IsInt()
  @Min(60)
  @Max(600)
  @ApiPropertyOptional({ minimum: 60, maximum: 600, default: 600 })
  lifeSeconds = 600;

  /** How many guesses a code has. */
  @IsInt()
  @Min(1)
  @Max(10)
  @ApiPropertyOptional({ minimum: 1, maximum: 10, default: 5 })
  maxAttempts = 5;

  /** The least time between two sendings of a code, in seconds. */
  @IsInt()
  @Min(1)
  @Max(600)
  @ApiPropertyOptional({ minimum: 1, maximum: 600, default: 60 })
  resendIntervalSeconds = 60;

  /** How often a code may be sent again. */
  @IsInt()
  @Min(0)
  @Max(10)
  @ApiPropertyOptional({ minimum: 0, maximum: 10, default: 3 })
  maxResends = 3;
}

/** What is stored for a tenant, with its defaults filled in; undefined where it is no valid configuration. */
export function readOtpSettings(stored: unknown): OtpSettings | undefined {
  if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) return undefined;
  const settings = plainToInstance(OtpSettings, stored);
  return validateSync(settings, { whitelist: true }).length === 0 ? settings : undefined;
}
