import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  type Configuration,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  type ServerMetadata,
} from 'openid-client';
import { newSecret } from '../secrets/random-secret';
import { type Claims } from './jwt-strategy';

/** What one log-in is tied to: kept in the browser, sealed, until the person comes back. */
export interface Attempt {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

export const newAttempt = (): Attempt => ({ state: newSecret(), nonce: newSecret(), codeVerifier: newSecret() });

/** This server as a client of an OpenID Connect provider. */
export interface OpenIdClientSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret?: string;
  readonly scope: string;
}

/**
 * An OpenID Connect provider that people log in at: authorization code with PKCE, state and nonce, and ID tokens whose
 * signature is verified though they come over TLS (OpenID Connect Core, section 3.1.3.7, leaves that open; RFC 8725,
 * section 3.3, does not).
 */
export class OpenIdProvider {
  private discovered: Promise<Configuration> | undefined;

  /** @param redirectUri where it sends people back to */
  constructor(
    private readonly settings: OpenIdClientSettings,
    private readonly redirectUri: string,
  ) {}

  /** Where the person is sent. @throws when the provider cannot be reached */
  async start({ state, nonce, codeVerifier }: Attempt): Promise<string> {
    const url = buildAuthorizationUrl(await this.configuration(), {
      redirect_uri: this.redirectUri,
      scope: this.settings.scope,
      state,
      nonce,
      code_challenge: await calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
    });
    return url.href;
  }

  /**
   * What the provider says of the person who has come back.
   * @param callback the address they came back to, with its query
   * @param suffice whether the claims of the ID token do; where they do not, those of the userinfo endpoint are added
   * @throws when it is not the answer to this attempt, says no, or is not sound
   */
  async finish(callback: URL, attempt: Attempt, suffice: (claims: Claims) => boolean): Promise<Claims> {
    const configuration = await this.configuration();
    const tokens = await authorizationCodeGrant(configuration, callback, {
      expectedState: attempt.state,
      expectedNonce: attempt.nonce,
      pkceCodeVerifier: attempt.codeVerifier,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    if (claims === undefined) throw new Error('the provider gave no ID token');
    if (suffice(claims)) return claims;
    return { ...(await fetchUserInfo(configuration, tokens.access_token, claims.sub)), ...claims };
  }

  /** What the provider publishes of itself. @throws when it cannot be reached */
  async metadata(): Promise<ServerMetadata> {
    return (await this.configuration()).serverMetadata();
  }

  /** Discovered when it is first needed, and kept; what failed is tried again the next time. */
  private configuration(): Promise<Configuration> {
    const { issuer, clientId, clientSecret } = this.settings;
    // The library marks this as deprecated to make it conspicuous: for a provider on the same machine, over http.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    const insecure = issuer.startsWith('http:') ? [allowInsecureRequests] : [];
    const execute = [enableNonRepudiationChecks, ...insecure];
    this.discovered ??= discovery(new URL(issuer), clientId, clientSecret, undefined, { execute });
    this.discovered.catch(() => (this.discovered = undefined));
    return this.discovered;
  }
}
