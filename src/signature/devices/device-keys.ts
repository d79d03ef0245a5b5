import { Injectable } from '@nestjs/common';
import { RecentCache } from '../../accounts/recent-cache';
import { readVerificationKey } from '../../accounts/jwks/verification-key';
import { type VerificationKey } from '../../platform/auth/jwt-strategy';
import { DeviceRepository } from './device.repository';

/** A device as it is recognised. */
export interface KnownDevice {
  readonly tenantId: string;
  readonly userId: string;
  readonly deviceId: string;
  readonly key: VerificationKey;
}

/**
 * Whose device signs with which key, at most five seconds old. A key never changes; that the device is still there
 * and not locked is asked again, under a lock, by whatever it does.
 */
@Injectable()
export class DeviceKeys {
  private readonly cache: RecentCache<KnownDevice>;

  constructor(devices: DeviceRepository) {
    this.cache = new RecentCache(async (deviceId) => {
      const found = await devices.find(deviceId);
      const key = found && readDeviceKey(found.publicJwk);
      return key && { deviceId, tenantId: found.tenantId, userId: found.userId, key };
    });
  }

  find(deviceId: string): Promise<KnownDevice | undefined> {
    return /^[1-9]\d{0,17}$/.test(deviceId) ? this.cache.get(deviceId) : Promise.resolve(undefined);
  }

  /** After a change made on this node. */
  forget(): void {
    this.cache.forgetAll();
  }
}

/** The key that a device signs with; undefined where the JWK is no P-256 key for signatures. */
export function readDeviceKey(jwk: object): VerificationKey | undefined {
  const read = readVerificationKey(jwk as Readonly<Record<string, unknown>>);
  return 'algorithms' in read && read.algorithms.includes('ES256') ? read : undefined;
}
