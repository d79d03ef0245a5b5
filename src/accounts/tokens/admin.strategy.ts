import { Inject, Injectable } from '@nestjs/common';
import { type Request } from 'express';
import { type Authentication } from '../../platform/auth/authenticate';
import { bearerToken, SecretStrategy, Strategies } from '../../platform/auth/strategies';
import { type Settings, SETTINGS } from '../../platform/settings/settings';
import { ApiKeys } from '../operators/api-keys';
import { type Operator } from '../operators/operator';
import { hashSecret, secretMatches } from '../../platform/secrets/random-secret';

export const admin = {
  name: 'admin',
  strategies: {
    admin: { type: 'http', scheme: 'bearer', description: 'The `ADMIN_TOKEN` of this server.' },
    'api-key': { type: 'http', scheme: 'bearer', description: 'The API key of a machine.' },
  },
  throttle: 'admin',
} as const satisfies Authentication;

/** Who has this server’s one `ADMIN_TOKEN`. */
@Injectable()
export class AdminStrategy extends SecretStrategy {
  private readonly hash: Buffer | undefined;

  constructor(strategies: Strategies, @Inject(SETTINGS) settings: Settings) {
    super(strategies, 'admin');
    this.hash = settings.adminToken === undefined ? undefined : hashSecret(settings.adminToken);
  }

  override validate(request: Request): Promise<Operator | undefined> {
    const token = bearerToken(request);
    const isAdmin = token !== undefined && this.hash !== undefined && secretMatches(token, this.hash);
    return Promise.resolve(isAdmin ? { actor: 'admin', role: 'admin', tenants: 'all' } : undefined);
  }
}

/** A machine by its API key. */
@Injectable()
export class ApiKeyStrategy extends SecretStrategy {
  constructor(
    strategies: Strategies,
    private readonly keys: ApiKeys,
  ) {
    super(strategies, 'api-key');
  }

  override async validate(request: Request): Promise<Operator | undefined> {
    const token = bearerToken(request);
    return token === undefined ? undefined : this.keys.operatorOf(token);
  }
}
