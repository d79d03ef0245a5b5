import { ApiProperty } from '@nestjs/swagger';
import { DeviceRefusal } from '../accounts/devices/device.errors';
import {
  type ErrorFormat,
  type OwnWords,
  type PlatformKind,
  type Rendered,
  wordingOf,
} from '../platform/envelope/error-format';
import { type Failure } from '../platform/envelope/failure';
import { type SignatureErrorCode, signatureMessages, SignatureRefusal } from './signature.errors';

/** The parts of the vendor's platform that an answer may name as its speaker. */
export const subSystems = { users: 5, devices: 6 } as const;
export type Speaker = keyof typeof subSystems;

const refusals = {
  USERNAME_MISSING: [400, 'BAD_REQUEST'],
  USER_NOT_FOUND: [404, 'USER_NOT_FOUND'],
  TRANSACTION_NOT_FOUND: [404, 'TRANSACTION_NOT_FOUND'],
  TRANSACTION_DIFFERS: [409, 'CONFLICT'],
  TOO_MANY_OPEN: [429, 'TOO_MANY_REQUESTS'],
  ALREADY_CONFIRMED: [409, 'CONFLICT'],
  ALREADY_REJECTED: [409, 'CONFLICT'],
  ALREADY_EXPIRED: [409, 'CONFLICT'],
  ALREADY_CANCELLED: [409, 'CONFLICT'],
  SERVER_CANCEL: [409, 'SERVER_CANCEL'],
  NOT_FETCHED: [409, 'CONFLICT'],
  INVALID_SIGNATURE: [400, 'INVALID_SIGNATURE'],
  DEVICE_NOT_FOUND: [404, 'DEVICE_NOT_FOUND'],
  DEVICEID_MISSING: [400, 'BAD_REQUEST'],
  DEVICE_LOCKED: [409, 'CONFLICT'],
  ALREADY_LOCKED: [409, 'CONFLICT'],
  ALREADY_UNLOCKED: [409, 'CONFLICT'],
  ACTIVATION_CODE_NOT_FOUND: [404, 'ACTIVATION_CODE_NOT_FOUND'],
} as const satisfies Record<SignatureErrorCode, readonly [number, SignatureErrorStatus]>;

/** The `status` of every error. */
const errorStatuses = [
  'BAD_REQUEST',
  'Unauthorized',
  'FORBIDDEN',
  'NOT_FOUND',
  'USER_NOT_FOUND',
  'TRANSACTION_NOT_FOUND',
  'DEVICE_NOT_FOUND',
  'ACTIVATION_CODE_NOT_FOUND',
  'METHOD_NOT_ALLOWED',
  'CONFLICT',
  'SERVER_CANCEL',
  'INVALID_SIGNATURE',
  'PAYLOAD_TOO_LARGE',
  'TOO_MANY_REQUESTS',
  'INTERNAL_SERVER_ERROR',
  'SERVICE_UNAVAILABLE',
] as const;

type SignatureErrorStatus = (typeof errorStatuses)[number];

/** Source: Cancel Signature, "Response Status Information". */
class SignatureErrorAnswer {
  @ApiProperty({ type: 'integer', enum: Object.values(subSystems) })
  subSystem: number;

  @ApiProperty({ enum: errorStatuses })
  status: SignatureErrorStatus;

  @ApiProperty()
  message: string;
}

/** KOBIL Digitanium's envelope: `{subSystem, status, message}`. Source: Cancel Signature, "Response". */
const errorFormat = (by: Speaker, bases: readonly string[]): ErrorFormat => ({
  bases,
  errorBody: SignatureErrorAnswer,
  render: (failure) => {
    const { httpStatus, status, message, headers } = errorOf(failure);
    return { status: httpStatus, headers, body: { subSystem: subSystems[by], status, message } };
  },
});

export const signatureErrorFormat = errorFormat('users', ['/digitanium', '/auth/realms/*/v3_user']);
export const deviceErrorFormat = errorFormat('devices', [
  '/digitanium/v4/devices',
  '/auth/realms/*/v3_device',
  '/device',
  '/sandbox/devices',
]);

interface SignatureError extends Pick<Rendered, 'headers'> {
  readonly httpStatus: number;
  readonly status: SignatureErrorStatus;
  readonly message: string;
}

const errorStatusOf = {
  unreadable: 'BAD_REQUEST',
  'insecure-transport': 'FORBIDDEN',
  'rate-limited': 'TOO_MANY_REQUESTS',
  unauthenticated: 'Unauthorized',
  'wrong-media-type': 'BAD_REQUEST',
  'too-large': 'PAYLOAD_TOO_LARGE',
  'malformed-body': 'BAD_REQUEST',
  'malformed-url': 'BAD_REQUEST',
  'invalid-input': 'BAD_REQUEST',
  'no-such-route': 'NOT_FOUND',
  'wrong-method': 'METHOD_NOT_ALLOWED',
  frozen: 'FORBIDDEN',
  unavailable: 'SERVICE_UNAVAILABLE',
  unexpected: 'INTERNAL_SERVER_ERROR',
} as const satisfies Record<PlatformKind, SignatureErrorStatus>;

const ownWords: OwnWords = {
  unauthenticated: () => ({ message: 'HTTP 401 Unauthorized' }),
  'wrong-media-type': () => ({ status: 400 }),
};

function errorOf(failure: Failure): SignatureError {
  if (failure.kind === 'refused') return refusalOf(failure.refusal);
  const { status, ...worded } = wordingOf(failure, ownWords);
  return { ...worded, httpStatus: status, status: errorStatusOf[failure.kind] };
}

function refusalOf(refusal: unknown): SignatureError {
  if (!(refusal instanceof SignatureRefusal || refusal instanceof DeviceRefusal))
    return errorOf({ kind: 'unexpected' });
  const [httpStatus, status] = refusals[refusal.code];
  return { httpStatus, status, message: signatureMessages[refusal.code] };
}
