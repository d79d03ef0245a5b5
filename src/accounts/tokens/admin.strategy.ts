import { Inject, Injectable } from '@nestjs/common';
import { type Request } from 'express';
import { Authenticator, Strategy } from 'passport';
import { Failed } from '../../platform/envelope/failure';
import { type Settings } from '../../platform/settings/settings';
import { SETTINGS } from '../../platform/settings/settings.module';
import { hashSecret, secretMatches } from '../tenants/registry';
import { type Authentication } from '../../platform/auth/authenticate';
import { bearerToken } from '../../platform/auth/bearer-token';
import { type Principal } from '../../platform/auth/principal';

export const admin = {
  name: 'admin',
  strategies: { admin: { type: 'http', scheme: 'bearer', description: 'The `ADMIN_TOKEN` of this server.' } },
  throttle: 'admin',
} as const satisfies Authentication;

/** The operator of this server, by the one `ADMIN_TOKEN`. */
@Injectable()
export class AdminStrategy extends Strategy {
  private readonly hash: Buffer | undefined;

  constructor(passport: Authenticator, @Inject(SETTINGS) settings: Settings) {
    super();
    this.hash = settings.adminToken === undefined ? undefined : hashSecret(settings.adminToken);
    passport.use('admin', this);
  }

  override authenticate(request: Request): void {
    if (this.hash === undefined) {
      // Without an administrator there is no administration, as far as anybody can tell.
      this.error(new Failed({ kind: 'no-such-route' }));
      return;
    }
    const token = bearerToken(request);
    if (token !== undefined && secretMatches(token, this.hash)) this.success({ actor: 'admin' } satisfies Principal);
    else this.fail();
  }
}
