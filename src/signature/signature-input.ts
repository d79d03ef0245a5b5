import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { ValidateBy, ValidateIf, type ValidationArguments } from 'class-validator';
import { SignatureRefusal } from './signature.errors';

const maxUserIdLength = 128;

/** A request, as far as it is looked at here. */
interface RoutedRequest {
  readonly params: Readonly<Record<string, unknown>>;
}

/**
 * Injects the user id of the path. It is checked before the body's fields.
 * @throws SignatureRefusal USERNAME_MISSING when the path has none, or a blank one; USER_NOT_FOUND when no user can have it
 */
export const UserId = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { userId } = context.switchToHttp().getRequest<RoutedRequest>().params;
  if (typeof userId !== 'string' || userId.trim() === '') throw new SignatureRefusal('USERNAME_MISSING');
  if (userId.length > maxUserIdLength || userId.includes('\0')) throw new SignatureRefusal('USER_NOT_FOUND');
  return userId;
});

/**
 * Injects the device id of the path.
 * @throws SignatureRefusal DEVICEID_MISSING when it is blank, DEVICE_NOT_FOUND when no device can have it
 */
export const DeviceId = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { deviceId } = context.switchToHttp().getRequest<RoutedRequest>().params;
  if (typeof deviceId !== 'string' || deviceId.trim() === '') throw new SignatureRefusal('DEVICEID_MISSING');
  if (!/^[1-9]\d{0,17}$/.test(deviceId)) throw new SignatureRefusal('DEVICE_NOT_FOUND');
  return deviceId;
});

const maxTransactionIdLength = 256;

/**
 * Injects the transaction id of the path.
 * @throws SignatureRefusal TRANSACTION_NOT_FOUND when no transaction can have it
 */
export const TransactionId = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { transactionId } = context.switchToHttp().getRequest<RoutedRequest>().params;
  if (
    typeof transactionId !== 'string' ||
    transactionId.length > maxTransactionIdLength ||
    transactionId.includes('\0')
  )
    throw new SignatureRefusal('TRANSACTION_NOT_FOUND');
  return transactionId;
});

/** The vendor's text for a field that is absent or empty. */
const missing = 'should not be null or empty';

/** A rule for one field: `faultOf` returns the problem, which is worded to follow the field's name. */
export const Field = (name: string, faultOf: (value: unknown) => string | undefined) => {
  const faultIn = (value: unknown) => (isEmpty(value) ? missing : faultOf(value));
  return ValidateBy({
    name,
    validator: {
      validate: (value: unknown) => faultIn(value) === undefined,
      defaultMessage: (context?: ValidationArguments) => `${context?.property ?? ''} ${faultIn(context?.value) ?? ''}`,
    },
  });
};

/** The field may be left out, be null or blank; its other rules are then skipped. */
export const MayBeEmpty = (field: string) =>
  ValidateIf((input: Readonly<Record<string, unknown>>) => !isBlank(input[field]));

/** Required text that PostgreSQL can store. */
export const TextField = (max = 65_536) =>
  Field('text', (value) => {
    if (typeof value !== 'string') return 'must be a string';
    if (value.length > max) return `must not be longer than ${max} characters`;
    return value.includes('\0') ? 'must not contain a NUL character' : undefined;
  });

/** An id chosen by the caller: text without control characters. */
export const IdField = (max: number) =>
  Field('id', (value) => {
    if (typeof value !== 'string') return 'must be a string';
    if (value.length > max) return `must not be longer than ${max} characters`;
    return /\p{Cc}/u.test(value) ? 'must not contain control characters' : undefined;
  });

/** Whole seconds, from 1 to an hour. Source: Start Signature names them as strings; numbers are accepted too. */
export const SecondsField = () =>
  Field('seconds', (value) =>
    isScalar(value) && /^\d{1,9}$/.test(String(value)) && Number(value) > 0 && Number(value) <= 3600
      ? undefined
      : 'must be a whole number of seconds, greater than 0 and at most 3600',
  );

/** The same in an API's document. */
export const secondsSchema = {
  oneOf: [
    { type: 'string', pattern: '^[0-9]{1,9}$' },
    { type: 'integer', minimum: 1, maximum: 3600 },
  ],
};

/** True or false, also as a word. */
export const FlagField = () =>
  Field('flag', (value) =>
    isScalar(value) && ['true', 'false'].includes(String(value)) ? undefined : 'must be true or false',
  );

/** One device id or a list of them; `"-1"` addresses all of the user's. A single id becomes a list of one. */
export const DeviceIdsField = () => {
  const check = Field('deviceIds', (value) =>
    Array.isArray(value) && value.length <= 100 && value.every(isDeviceId)
      ? undefined
      : 'must be a string, or an array of at most 100 strings',
  );
  const toList = Transform(({ value }: { value: unknown }) => (typeof value === 'string' && value ? [value] : value));
  return (target: object, property: string): void => {
    toList(target, property);
    check(target, property);
  };
};

/** The same in an API's document. */
export const deviceIdsSchema = {
  oneOf: [
    { type: 'string', minLength: 1, maxLength: 64 },
    { type: 'array', items: { type: 'string', minLength: 1, maxLength: 64 }, minItems: 1, maxItems: 100 },
  ],
};

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value !== 'object';
}

function isDeviceId(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '' && value.length <= 64 && !value.includes('\0');
}

function isEmpty(value: unknown): boolean {
  return isBlank(value) || (Array.isArray(value) && value.length === 0);
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}
