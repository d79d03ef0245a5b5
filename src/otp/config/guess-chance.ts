import { type StartCheck } from '../../platform/start-check';
import { OtpConfig } from './otp-config.entity';
import { type OtpSettingsInForce, readOtpSettings } from './otp-settings';

const allowedPerHour = 0.01;

/**
 * Says so where the codes of a recipient can be guessed too easily, undefined elsewhere: each of the hour's codes takes its number
 * of attempts. NIST SP 800-63B, section 3.2.2, asks for a limit on guesses.
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
