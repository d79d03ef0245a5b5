import { type Claims } from '../../platform/auth/jwt-strategy';
import { type Attempt, OpenIdProvider } from '../../platform/auth/openid-provider';
import { type OidcSettings } from '../../platform/settings/integrations';
import { callbackPath, IdentificationFailed, IdentityProvider } from './identification';
import { type Person } from './visitors';

/** People identified by an OpenID Connect provider. */
export class OidcIdentity extends IdentityProvider {
  private readonly provider: OpenIdProvider;

  constructor(
    private readonly settings: OidcSettings,
    publicUrl: string,
  ) {
    super();
    this.provider = new OpenIdProvider(settings, publicUrl + callbackPath);
  }

  start(attempt: Attempt): Promise<string> {
    return this.provider.start(attempt);
  }

  async finish(callback: URL, attempt: Attempt): Promise<Person> {
    const claims = await this.provider.finish(callback, attempt, (given) => this.personIn(given) !== undefined);
    const person = this.personIn(claims);
    if (person !== undefined) return person;
    const { idClaim, nameClaim } = this.settings;
    throw new IdentificationFailed(`the claims ${idClaim} and ${nameClaim} must be texts`);
  }

  private personIn(claims: Claims): Person | undefined {
    const { [this.settings.idClaim]: id, [this.settings.nameClaim]: name } = claims;
    if (typeof id !== 'string' || typeof name !== 'string' || id === '' || name === '') return undefined;
    return { id: id.toUpperCase(), name };
  }
}
