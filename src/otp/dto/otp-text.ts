import { ValidateBy, type ValidationArguments, type ValidationOptions } from 'class-validator';

/** The words of the vendor's validator for a value that is no text. */
function notText(value: unknown): string | undefined {
  if (value === undefined) return 'Required';
  if (typeof value === 'string') return undefined;
  const received = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  return `Expected string, received ${received}`;
}

function checkText(name: string, fault: (value: string) => string | undefined, options?: ValidationOptions) {
  const faultOf = (value: unknown): string | undefined => notText(value) ?? fault(value as string);
  return ValidateBy(
    {
      name,
      validator: {
        validate: (value: unknown) => faultOf(value) === undefined,
        defaultMessage: (context?: ValidationArguments) => faultOf(context?.value) ?? '',
      },
    },
    options,
  );
}

/** Text that is there, not empty, and at most `max` characters of what a database can keep. */
export const OtpText = (max = 256) =>
  checkText('otpText', (value) => {
    if (value.length === 0) return 'String must contain at least 1 character(s)';
    if (value.length > max) return `String must contain at most ${max} character(s)`;
    return value.includes('\0') ? 'Invalid' : undefined;
  });

/** One of a few words. */
export const OtpEnum = (choices: readonly string[]) =>
  checkText('otpEnum', (value) => (choices.includes(value) ? undefined : 'Invalid enum value'));
