import { Injectable } from '@nestjs/common';
import { readVerificationKey } from '../jwks/parse-jwks';
import { RecentCache } from '../recent-cache';
import { SpentTokens } from '../tokens/spent-tokens';
import { type Authentication, type Principal } from '../../platform/auth/authenticate';
import { type CompactToken } from '../../platform/auth/compact-token';
import {
  type Claimed,
  type Claims,
  isShortLived,
  JwtStrategy,
  type VerificationKey,
} from '../../platform/auth/jwt-strategy';
import { bearerToken, Strategies } from '../../platform/auth/strategies';
import { DeviceRepository } from './device.repository';

/** A device as it authenticates. */
interface KnownDevice {
  readonly tenantId: string;
  readonly userId: string;
  readonly deviceId: string;
  readonly key: VerificationKey;
}

/**
 * The key and user of each device, at most five seconds old. A key never changes; that the device still exists and is
 * not locked is checked again, under a row lock, by every call that depends on it.
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

const maxLifeSeconds = 120;

export const device = {
  name: 'device',
  strategies: {
    device: {
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'JWT',
      description: 'A JWT that the device signs for one call with the key it enrolled (ES256; at most 120 s).',
    },
  },
} as const satisfies Authentication;

/** A user's device, by a token it signed for one call. */
export interface DevicePrincipal extends Principal {
  readonly tenantId: string;
  readonly userId: string;
  readonly deviceId: string;
}

/** A device by a JWT that it signed for one call: `sub` is its id, `jti` a UUID that serves once. */
@Injectable()
export class DeviceStrategy extends JwtStrategy<KnownDevice> {
  constructor(
    strategies: Strategies,
    private readonly deviceKeys: DeviceKeys,
    private readonly spentTokens: SpentTokens,
  ) {
    super(strategies, {
      name: 'device',
      algorithms: ['ES256'],
      tokenIn: bearerToken,
    });
  }

  protected override async claimedBy({ claims }: CompactToken): Promise<Claimed<KnownDevice> | undefined> {
    const sender = typeof claims.sub === 'string' ? await this.deviceKeys.find(claims.sub) : undefined;
    return sender && { sender, key: sender.key };
  }

  protected override async principalOf(
    { tenantId, userId, deviceId }: KnownDevice,
    claims: Claims,
  ): Promise<DevicePrincipal | undefined> {
    if (!isShortLived(claims, maxLifeSeconds)) return undefined;
    const actor = `device:${deviceId}`;
    if (!(await this.spentTokens.spend(actor, claims.jti, claims.exp as number))) return undefined;
    return { actor, tenantId, userId, deviceId, tokenId: claims.jti as string };
  }
}
