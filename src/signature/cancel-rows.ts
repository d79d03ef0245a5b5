import { allDevices } from './addressed';
import { type DeviceStanding } from './signature.entity';
import { type Addressed } from './signature.repository';

/** What became of a transaction on one device. Source: Cancel Signature, "Result Code Information". */
export const cancelResults = ['TRANSACTION_DISCARDED_FROM_CLIENT', 'TRANSACTION_DISCARDED_FROM_SERVER'] as const;
export type CancelResult = (typeof cancelResults)[number];

export interface CancelledDevice {
  readonly deviceId: string;
  readonly cancelResult: CancelResult;
}

const results = {
  waiting: 'TRANSACTION_DISCARDED_FROM_SERVER',
  withdrawn: 'TRANSACTION_DISCARDED_FROM_SERVER',
  delivered: 'TRANSACTION_DISCARDED_FROM_CLIENT',
  recalled: 'TRANSACTION_DISCARDED_FROM_CLIENT',
} as const satisfies Record<DeviceStanding, CancelResult>;

/** The devices that have an open transaction, or may fetch it. */
export function heldBy(devices: Readonly<Record<string, DeviceStanding>>): [string, DeviceStanding][] {
  return Object.entries(devices).filter(([, standing]) => standing === 'waiting' || standing === 'delivered');
}

/**
 * A cancelled transaction's rows, one for each device that was meant and had been addressed.
 * Where all were meant and none had fetched it, there is one row for all.
 */
export function cancelRows(
  { everyDevice, deviceIds }: Addressed,
  devices: Readonly<Record<string, DeviceStanding>>,
): CancelledDevice[] {
  const row = (deviceId: string, standing: DeviceStanding) => ({ deviceId, cancelResult: results[standing] });
  if (!everyDevice)
    return deviceIds.flatMap((deviceId) => {
      const standing = Object.hasOwn(devices, deviceId) ? devices[deviceId] : undefined;
      return standing === undefined ? [] : [row(deviceId, standing)];
    });
  const held = heldBy(devices);
  if (!held.some(([, standing]) => standing === 'delivered')) return [row(allDevices, 'waiting')];
  return held.map(([deviceId, standing]) => row(deviceId, standing));
}
