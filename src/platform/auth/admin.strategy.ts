import { Inject, Injectable } from '@nestjs/common';
import { type Request } from 'express';
import { Authenticator, Strategy } from 'passport';
import { type Settings } from '../settings/settings';
import { SETTINGS } from '../settings/settings.module';
import { hashSecret, secretMatches } from '../tenancy/registry';
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
    const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    const known = token !== undefined && this.hash !== undefined && secretMatches(token, this.hash);
    if (known) this.success({ kind: 'admin' } satisfies AdminPrincipal);
    else this.fail();
  }
}
