import { type Addressed } from './signature.repository';

/** How a request names all devices of a user. Source: Cancel Signature, "Sample Request". */
export const allDevices = '-1';

/** What a request's `deviceId` means; each device once. */
export function addressedBy(deviceIds: readonly string[]): Addressed {
  const everyDevice = deviceIds.includes(allDevices);
  return { everyDevice, deviceIds: everyDevice ? [] : [...new Set(deviceIds)] };
}
