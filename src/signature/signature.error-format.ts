import { ApiProperty } from '@nestjs/swagger';
import { DeviceRefusal } from '../accounts/devices/device.errors';
import { type ErrorFormat, type Rendered, retryAfter, unavailableMessage } from '../platform/envelope/error-format';
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

function errorOf(failure: Failure): SignatureError {
  switch (failure.kind) {
    case 'unreadable':
      return error(failure.status, 'BAD_REQUEST', failure.problem);
    case 'insecure-transport':
      return error(403, 'FORBIDDEN', 'API requests must be made over https');
    case 'rate-limited':
      return error(429, 'TOO_MANY_REQUESTS', 'Too many requests');
    case 'unauthenticated':
      return error(401, 'Unauthorized', 'HTTP 401 Unauthorized', { 'WWW-Authenticate': 'Bearer' });
    case 'wrong-media-type':
      return error(400, 'BAD_REQUEST', `The body must be ${failure.accepted}`);
    case 'too-large':
      return error(413, 'PAYLOAD_TOO_LARGE', `The body must not be larger than ${failure.limitBytes} bytes`);
    case 'malformed-body':
      return error(400, 'BAD_REQUEST', failure.problem);
    case 'malformed-url':
      return error(400, 'BAD_REQUEST', 'The address is malformed');
    case 'invalid-input':
      return error(400, 'BAD_REQUEST', failure.faults.map(({ problem }) => problem).join('; '));
    case 'no-such-route':
      return error(404, 'NOT_FOUND', 'There is nothing at this address');
    case 'wrong-method':
      return error(405, 'METHOD_NOT_ALLOWED', 'This method is not allowed here', { Allow: failure.allowed.join(', ') });
    case 'refused':
      return refusalOf(failure.refusal);
    case 'unavailable':
      return error(503, 'SERVICE_UNAVAILABLE', unavailableMessage(failure), retryAfter);
    case 'unexpected':
      return error(500, 'INTERNAL_SERVER_ERROR', 'Something went wrong on our side');
  }
}

function refusalOf(refusal: unknown): SignatureError {
  if (!(refusal instanceof SignatureRefusal || refusal instanceof DeviceRefusal))
    return errorOf({ kind: 'unexpected' });
  const [httpStatus, status] = refusals[refusal.code];
  return error(httpStatus, status, signatureMessages[refusal.code]);
}

function error(
  httpStatus: number,
  status: SignatureErrorStatus,
  message: string,
  headers?: Readonly<Record<string, string>>,
): SignatureError {
  return { httpStatus, status, message, headers };
}
