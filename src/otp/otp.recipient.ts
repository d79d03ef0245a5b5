import { isEmail } from 'class-validator';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { Failed } from '../platform/envelope/failure';
import { type OtpMethod } from './otp.vocabulary';

/**
 * The one spelling of a recipient: an e-mail address in lower case, a telephone number in E.164.
 * @throws Failed `invalid-input` when it is none
 */
export function normaliseRecipient(method: OtpMethod, recipient: string): string {
  const normal = method === 'email' ? normaliseEmail(recipient) : normalisePhone(recipient);
  if (normal !== undefined) return normal;
  const problem = method === 'email' ? 'Invalid email' : 'Invalid phone number';
  throw new Failed({ kind: 'invalid-input', faults: [{ field: 'recipient', problem }] });
}

function normaliseEmail(recipient: string): string | undefined {
  const address = recipient.trim().toLowerCase();
  return isEmail(address) ? address : undefined;
}

function normalisePhone(recipient: string): string | undefined {
  // The whole text must be the number: one found in a sentence, or cut from its extension, might be somebody else's.
  const number = parsePhoneNumberFromString(recipient.trim(), { extract: false });
  const reachable = number?.isValid() === true && number.ext === undefined && number.getType() !== 'PREMIUM_RATE';
  return reachable ? number.number : undefined;
}
