import { DomainRefusal } from '../../platform/envelope/failure';

/** What is refused of devices: code → message. An API that words it has an answer for each code. */
const deviceMessages = {
  USER_NOT_FOUND: 'The tenant has no such user',
  DEVICE_NOT_FOUND: 'The tenant has no such device',
  ALREADY_LOCKED: 'The device is locked already',
  ALREADY_UNLOCKED: 'The device is not locked',
  ACTIVATION_CODE_NOT_FOUND: 'The activation code is wrong, used or expired',
} as const;

export type DeviceErrorCode = keyof typeof deviceMessages;

/** A call refused by a rule of devices. */
export class DeviceRefusal extends DomainRefusal {
  constructor(readonly code: DeviceErrorCode) {
    super(deviceMessages[code]);
  }
}
