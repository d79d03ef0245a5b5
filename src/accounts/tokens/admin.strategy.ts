import { Inject, Injectable } from '@nestjs/common';
import { type Request } from 'express';
import { Failed } from '../../platform/envelope/failure';
import { type Settings, SETTINGS } from '../../platform/settings/settings';
import { hashSecret, secretMatches } from '../tenants/registry';
import { type Authentication, type Principal } from '../../platform/auth/authenticate';
import { bearerToken, SecretStrategy, Strategies } from '../../platform/auth/strategies';

export const admin = {
  name: 'admin',
  strategies: { admin: { type: 'http', scheme: 'bearer', description: 'The `ADMIN_TOKEN` of this server.' } },
  throttle: 'admin',
} as const satisfies Authentication;

/** The operator of this server, by the one `ADMIN_TOKEN`. */
@Injectable()
export class AdminStrategy extends SecretStrategy {
  private readonly hash: Buffer | undefined;

  constructor(strategies: Strategies, @Inject(SETTINGS) settings: Settings) {
    super(strategies, 'admin');
    this.hash = settings.adminToken === undefined ? undefined : hashSecret(settings.adminToken);
  }

  override validate(request: Request): Promise<Principal | undefined> {
    // Without an administrator there is no administration, as far as anybody can tell.
    if (this.hash === undefined) return Promise.reject(new Failed({ kind: 'no-such-route' }));
    const token = bearerToken(request);
    return Promise.resolve(token !== undefined && secretMatches(token, this.hash) ? { actor: 'admin' } : undefined);
  }
}
