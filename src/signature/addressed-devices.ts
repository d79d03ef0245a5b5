import { heldStates, type OfferState } from './signature.lifecycle';
import { type Addressed } from './signature.repository';

/** The `deviceId` that addresses all devices of a user. Source: Cancel Signature, "Sample Request". */
export const allDevices = '-1';

/** What a request's `deviceId` means; each device once. */
export function addressedBy(deviceIds: readonly string[]): Addressed {
  const everyDevice = deviceIds.includes(allDevices);
  return { everyDevice, deviceIds: everyDevice ? [] : [...new Set(deviceIds)] };
}

/** What a cancel did on one device. Source: Cancel Signature, "Result Code Information". */
export const cancelResults = ['TRANSACTION_DISCARDED_FROM_CLIENT', 'TRANSACTION_DISCARDED_FROM_SERVER'] as const;
export type CancelResult = (typeof cancelResults)[number];

interface CancelledDevice {
  readonly deviceId: string;
  readonly cancelResult: CancelResult;
}

const results = {
  waiting: 'TRANSACTION_DISCARDED_FROM_SERVER',
  withdrawn: 'TRANSACTION_DISCARDED_FROM_SERVER',
  delivered: 'TRANSACTION_DISCARDED_FROM_CLIENT',
  recalled: 'TRANSACTION_DISCARDED_FROM_CLIENT',
} as const satisfies Record<OfferState, CancelResult>;

const isHeld = (state: OfferState): boolean => (heldStates as readonly OfferState[]).includes(state);

/** The devices that have an open transaction, or may fetch it. */
export function heldBy(devices: Readonly<Record<string, OfferState>>): [string, OfferState][] {
  return Object.entries(devices).filter(([, state]) => isHeld(state));
}

/**
 * The rows of a cancel: one for each device that it addresses and the transaction was started for. Where it addresses
 * all and none had fetched the transaction, there is one row for all.
 */
export function cancelRows(
  { everyDevice, deviceIds }: Addressed,
  devices: Readonly<Record<string, OfferState>>,
): CancelledDevice[] {
  const row = (deviceId: string, state: OfferState) => ({ deviceId, cancelResult: results[state] });
  if (!everyDevice)
    return deviceIds.flatMap((deviceId) => {
      const state = Object.hasOwn(devices, deviceId) ? devices[deviceId] : undefined;
      return state === undefined ? [] : [row(deviceId, state)];
    });
  const held = heldBy(devices);
  if (!held.some(([, state]) => state === 'delivered')) return [row(allDevices, 'waiting')];
  return held.map(([deviceId, state]) => row(deviceId, state));
}
