import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  type Configuration,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
} from 'openid-client';
import { type OidcSettings } from '../../platform/settings/integrations';
import { type Attempt, callbackPath, IdentificationFailed, IdentityProvider } from './identification';
import { type Person } from './visitors';

type Claims = Readonly<Record<string, unknown>>;

/**
 * People identified by an OpenID Connect provider: authorization code with PKCE, state and nonce, and ID tokens whose
 * signature is verified though they come over TLS (OpenID Connect Core, section 3.1.3.7, leaves that open; RFC 8725,
 * section 3.3, does not).
 */
export class OidcIdentity extends IdentityProvider {
  private discovered: Promise<Configuration> | undefined;

  constructor(
    private readonly settings: OidcSettings,
    private readonly publicUrl: string,
  ) {
    super();
  }

  async start({ state, nonce, codeVerifier }: Attempt): Promise<string> {
    const url = buildAuthorizationUrl(await this.provider(), {
      redirect_uri: this.publicUrl + callbackPath,
      scope: this.settings.scope,
      state,
      nonce,
      code_challenge: await calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
    });
    return url.href;
  }

  async finish(callback: URL, { state, nonce, codeVerifier }: Attempt): Promise<Person> {
    const provider = await this.provider();
    const tokens = await authorizationCodeGrant(provider, callback, {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: codeVerifier,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    if (claims === undefined) throw new IdentificationFailed('the provider gave no ID token');
    return (
      this.personIn(claims) ??
      this.personIn({ ...(await fetchUserInfo(provider, tokens.access_token, claims.sub)), ...claims }) ??
      this.refuse()
    );
  }

  private personIn(claims: Claims): Person | undefined {
    const { [this.settings.idClaim]: id, [this.settings.nameClaim]: name } = claims;
    if (typeof id !== 'string' || typeof name !== 'string' || id === '' || name === '') return undefined;
    return { id: id.toUpperCase(), name };
  }

  private refuse(): never {
    throw new IdentificationFailed(`the claims ${this.settings.idClaim} and ${this.settings.nameClaim} must be texts`);
  }

  /** Found out at the first login and kept; what failed is tried again at the next. */
  private provider(): Promise<Configuration> {
    const { issuer, clientId, clientSecret } = this.settings;
    // The library marks this as deprecated to make it stand out: for a provider on the same machine, over http.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    const insecure = issuer.startsWith('http:') ? [allowInsecureRequests] : [];
    const execute = [enableNonRepudiationChecks, ...insecure];
    this.discovered ??= discovery(new URL(issuer), clientId, clientSecret, undefined, { execute });
    this.discovered.catch(() => (this.discovered = undefined));
    return this.discovered;
  }
}
