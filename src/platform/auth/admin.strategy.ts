import { Inject, Injectable } from '@nestjs/common';
import { type Request } from 'express';
import { Authenticator, Strategy } from 'passport';
import { Failed } from '../envelope/failure';
import { type Settings } from '../settings/settings';
import { SETTINGS } from '../settings/settings.module';
import { hashSecret, secretMatches } from '../tenancy/registry';
import { bearerToken } from './bearer-token';
import { type AdminPrincipal } from './principal';

/** Whoever runs this server, by the one `ADMIN_TOKEN`. */
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
    if (token !== undefined && secretMatches(token, this.hash))
      this.success({ kind: 'admin' } satisfies AdminPrincipal);
    else this.fail();
  }
}
