import { Inject, Injectable, Logger } from '@nestjs/common';
import { type CompactToken } from '../../platform/auth/compact-token';
import { type Claimed, type Claims, clockSkewSeconds } from '../../platform/auth/jwt-strategy';
import { type Attempt, OpenIdProvider } from '../../platform/auth/openid-provider';
import { Failed } from '../../platform/envelope/failure';
import { OutboundClient } from '../../platform/outbound/outbound-client';
import { type StartCheck } from '../../platform/server-part';
import { type OperatorsSettings } from '../../platform/settings/integrations';
import { type Settings, SETTINGS } from '../../platform/settings/settings';
import { JwksCache } from '../jwks/jwks-cache';
import { OperatorRefusal } from './authorization';
import { type Operator } from './operator';
import { operatorIn } from './operator-claims';

/** Where the provider sends operators back to. */
export const callbackPath = '/admin/callback';

/** How far ahead a token's end may be: one that leaks cannot be called back here. */
const maxRemainingSeconds = 24 * 60 * 60;

/** Of access tokens (RFC 9068, section 2.1) and ID tokens. Tokens of other types, such as for a log-out, say nothing of a caller. */
const tokenTypes = ['jwt', 'at+jwt', 'application/at+jwt'];

/** The operators' OpenID Connect provider, as far as there is one. */
@Injectable()
export class OperatorsIssuer {
  private readonly log = new Logger('Operators');
  private readonly settings: OperatorsSettings | undefined;
  private readonly provider: OpenIdProvider | undefined;
  private readonly keys: JwksCache;

  constructor(@Inject(SETTINGS) settings: Settings) {
    this.settings = settings.operators;
    this.provider = this.settings && new OpenIdProvider(this.settings, this.settings.adminUrl + callbackPath);
    // Who runs this server names the provider, so it may be in their own network.
    this.keys = new JwksCache(new OutboundClient({ allowPrivateTargets: true }), {
      onFailure: (_url, err) => {
        this.log.warn({ err }, 'The keys of OPERATORS_ISSUER cannot be fetched: its tokens are refused meanwhile');
      },
    });
  }

  /** Whether an issuer of this name is the provider. */
  isNamed(issuer: string): boolean {
    return issuer.replace(/\/$/, '') === this.settings?.issuer;
  }

  /** The key by which a token that says it is from the provider must be signed. @throws Failed `unavailable` */
  async claimedBy({ header, claims }: CompactToken): Promise<Claimed<OperatorsSettings> | undefined> {
    const { kid, typ = 'jwt' } = header;
    const { iss } = claims;
    const { settings } = this;
    if (settings === undefined || typeof iss !== 'string' || !this.isNamed(iss)) return undefined;
    if (typeof typ !== 'string' || !tokenTypes.includes(typ.toLowerCase())) return undefined;
    const { issuer, jwks_uri: jwksUrl } = await this.reach((provider) => provider.metadata());
    if (issuer !== iss || jwksUrl === undefined || (kid !== undefined && typeof kid !== 'string')) return undefined;
    const key = await this.keys.keyFor(jwksUrl, kid, iss);
    return key && { sender: settings, key };
  }

  /**
   * Who has shown a token that is verified; undefined where it is not meant for this server.
   * @throws OperatorRefusal NO_ROLE
   */
  bearerOf(settings: OperatorsSettings, claims: Claims): Operator | undefined {
    const { aud, exp } = claims;
    if (typeof exp !== 'number' || exp > Date.now() / 1000 + maxRemainingSeconds + clockSkewSeconds) return undefined;
    return [aud].flat().includes(settings.clientId) ? this.operatorIn(settings, claims) : undefined;
  }

  /** Where a browser is sent to log in. @throws OperatorRefusal NO_LOGIN when there is no provider; Failed `unavailable` */
  start(attempt: Attempt): Promise<string> {
    return this.reach((provider) => provider.start(attempt));
  }

  /**
   * Who has come back.
   * @param address the path and query that they came back to
   * @throws OperatorRefusal LOGIN_FAILED when it is not the answer to this attempt, or says no; NO_ROLE; NO_LOGIN
   */
  async finish(address: string, attempt: Attempt): Promise<Operator> {
    const { settings, provider } = this;
    if (settings === undefined || provider === undefined) throw new OperatorRefusal('NO_LOGIN');
    const suffice = (claims: Claims): boolean => operatorIn(claims, settings) !== undefined;
    const claims = await provider
      .finish(new URL(address, settings.adminUrl), attempt, suffice)
      .catch((err: unknown) => {
        this.log.warn({ err }, 'An operator was not logged in');
        throw new OperatorRefusal('LOGIN_FAILED');
      });
    return this.operatorIn(settings, claims);
  }

  private operatorIn(settings: OperatorsSettings, claims: Claims): Operator {
    const operator = operatorIn(claims, settings);
    if (operator === undefined) throw new OperatorRefusal('NO_ROLE');
    return operator;
  }

  private async reach<Answer>(ask: (provider: OpenIdProvider) => Promise<Answer>): Promise<Answer> {
    if (this.provider === undefined) throw new OperatorRefusal('NO_LOGIN');
    return ask(this.provider).catch((err: unknown) => {
      this.log.warn({ err }, 'OPERATORS_ISSUER cannot be reached');
      throw new Failed({ kind: 'unavailable', mayBeDone: false });
    });
  }
}

/** The tenants that were given, before it was the operators', the issuer that none is given now. */
export const tenantsOfOperatorsIssuer: StartCheck = async (dataSource, { operators }) => {
  if (operators === undefined) return [];
  const found = await dataSource.query<{ id: string }[]>(
    `SELECT id FROM tenant WHERE issuer IN ($1, $1 || '/') ORDER BY id`,
    [operators.issuer],
  );
  return found.map(
    ({ id }) =>
      `The tenant ${id} has the issuer of OPERATORS_ISSUER, so that operators’ tokens could pass for the tenant’s; give either another.`,
  );
};
