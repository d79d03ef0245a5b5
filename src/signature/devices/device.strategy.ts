import { Injectable } from '@nestjs/common';
import { Authenticator } from 'passport';
import { type Authentication } from '../../platform/auth/authenticate';
import { bearerToken } from '../../platform/auth/bearer-token';
import { readCompactToken } from '../../platform/auth/compact-token';
import { type Claims, jwtStrategy } from '../../platform/auth/jwt-strategy';
import { type Principal } from '../../platform/auth/principal';
import { SpentTokens } from '../../accounts/tokens/spent-tokens';
import { isShortLived } from '../../platform/auth/token-times';
import { type VerificationKey } from '../../platform/auth/verification-key';
import { DeviceKeys, type KnownDevice } from './device-keys';

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
export class DeviceStrategy {
  constructor(
    passport: Authenticator,
    private readonly deviceKeys: DeviceKeys,
    private readonly spentTokens: SpentTokens,
  ) {
    const strategy = jwtStrategy({
      algorithms: ['ES256'],
      tokenIn: bearerToken,
      keyOf: (token) => this.keyOf(token),
      principalOf: (claims) => this.principalOf(claims),
    });
    passport.use('device', strategy);
  }

  private async keyOf(token: string): Promise<VerificationKey | undefined> {
    const read = readCompactToken(token);
    return read?.header.alg === 'ES256' ? (await this.deviceOf(read.claims))?.key : undefined;
  }

  private async principalOf(claims: Claims): Promise<DevicePrincipal | undefined> {
    const found = await this.deviceOf(claims);
    if (found === undefined || !isShortLived(claims, maxLifeSeconds)) return undefined;
    const { tenantId, userId, deviceId } = found;
    const actor = `device:${deviceId}`;
    if (!(await this.spentTokens.spend(actor, claims.jti, claims.exp as number))) return undefined;
    return { actor, tenantId, userId, deviceId, tokenId: claims.jti as string };
  }

  private async deviceOf({ sub }: Claims): Promise<KnownDevice | undefined> {
    return typeof sub === 'string' ? this.deviceKeys.find(sub) : undefined;
  }
}
