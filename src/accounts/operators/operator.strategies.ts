import { Inject, Injectable } from '@nestjs/common';
import { type Request } from 'express';
import { type Authentication } from '../../platform/auth/authenticate';
import { type CompactToken } from '../../platform/auth/compact-token';
import { asymmetricAlgorithms, type Claimed, type Claims, JwtStrategy } from '../../platform/auth/jwt-strategy';
import { bearerToken, SecretStrategy, Strategies } from '../../platform/auth/strategies';
import { type Settings, SETTINGS } from '../../platform/settings/settings';
import { type OperatorsSettings } from '../../platform/settings/integrations';
import { ApiKeys } from './api-keys';
import { onlyReads, OperatorRefusal } from './authorization';
import { type Operator } from './operator';
import { OperatorSessions } from './operator-sessions';
import { OperatorsIssuer } from './operators-issuer';
import { hashSecret, secretMatches } from '../../platform/secrets/random-secret';

export const admin = {
  name: 'admin',
  strategies: {
    admin: { type: 'http', scheme: 'bearer', description: 'The `ADMIN_TOKEN` of this server.' },
    'api-key': { type: 'http', scheme: 'bearer', description: 'The API key of a machine.' },
    'operator-token': {
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'JWT',
      description: 'An access token or ID token of `OPERATORS_ISSUER` for `OPERATORS_CLIENT_ID`.',
    },
    'operator-session': {
      type: 'apiKey',
      in: 'cookie',
      name: '__Host-rescind-operator',
      description:
        'The session of a browser, begun at `/admin/login`. What changes something must come from the same origin.',
    },
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
    return Promise.resolve(isAdmin ? { actor: 'admin', name: 'admin', role: 'admin', tenants: 'all' } : undefined);
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

/** An operator by a token of the operators' provider. */
@Injectable()
export class OperatorTokenStrategy extends JwtStrategy<OperatorsSettings> {
  constructor(
    strategies: Strategies,
    private readonly issuer: OperatorsIssuer,
  ) {
    super(strategies, { name: 'operator-token', algorithms: asymmetricAlgorithms, tokenIn: bearerToken });
  }

  protected override claimedBy(token: CompactToken): Promise<Claimed<OperatorsSettings> | undefined> {
    return this.issuer.claimedBy(token);
  }

  /** @throws OperatorRefusal NO_ROLE */
  // eslint-disable-next-line @typescript-eslint/require-await
  protected override async principalOf(settings: OperatorsSettings, claims: Claims): Promise<Operator | undefined> {
    return this.issuer.bearerOf(settings, claims);
  }
}

/** An operator by the session of a browser; where a call shows a token as well, that alone is judged. */
@Injectable()
export class OperatorSessionStrategy extends SecretStrategy {
  private readonly origin: string;

  constructor(
    strategies: Strategies,
    private readonly sessions: OperatorSessions,
    @Inject(SETTINGS) { operators, publicUrl }: Settings,
  ) {
    super(strategies, 'operator-session');
    this.origin = new URL(operators?.adminUrl ?? publicUrl).origin;
  }

  /** @throws OperatorRefusal CROSS_SITE when a page of another site may have made a call that changes something */
  override async validate(request: Request): Promise<Operator | undefined> {
    const { authorization, cookie: cookies } = request.headers;
    const operator = authorization === undefined ? await this.sessions.operatorOf({ cookies }) : undefined;
    if (operator !== undefined && !onlyReads(request.method) && !this.isSameOrigin(request))
      throw new OperatorRefusal('CROSS_SITE');
    return operator;
  }

  /** Browsers say so, and pages cannot forge it. */
  private isSameOrigin({ headers }: Request): boolean {
    const { origin, 'sec-fetch-site': site } = headers;
    if (origin === undefined && site === undefined) return false;
    return (origin === undefined || origin === this.origin) && (site === undefined || site === 'same-origin');
  }
}
