import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type OperatorsSettings } from '../../src/platform/settings/integrations';

type Accounts = Readonly<Record<string, object>>;

const clientSecret = 'client secret';

/** The operators' OpenID Connect provider: `oidc-provider`, which is certified, with accounts whose passwords are not asked for. */
export class OperatorsProvider {
  private constructor(
    private readonly child: ChildProcess,
    readonly issuer: string,
    private readonly adminUrl: string,
  ) {}

  /**
   * @param accounts claims by login; those of the client `robot` are in its access tokens
   * @param userinfoOnly whether ID tokens hold the subject alone, and the userinfo endpoint the rest
   */
  static async start(accounts: Accounts, adminUrl: string, userinfoOnly = false): Promise<OperatorsProvider> {
    const given = JSON.stringify({ accounts, redirectUri: `${adminUrl}/admin/callback`, userinfoOnly });
    const program = join(__dirname, 'run-operators-provider.mjs');
    const child = spawn(process.execPath, [program, given], { stdio: ['ignore', 'pipe', 'ignore'] });
    const [issuer] = (await once(createInterface(child.stdout), 'line')) as [string];
    return new OperatorsProvider(child, issuer, adminUrl);
  }

  get settings(): OperatorsSettings {
    const claims = { roleClaim: 'roles', tenantsClaim: 'tenants', scope: 'openid profile email' };
    return { issuer: this.issuer, clientId: 'rescind', clientSecret, adminUrl: this.adminUrl, ...claims };
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill();
    await ended;
  }

  /** Logs in with a browser of its own. @returns where the provider sends it back to */
  async logIn(authorizationUrl: string, login: string): Promise<string> {
    const cookies = new Map<string, string>();
    const visit = async (url: string, form?: Record<string, string>): Promise<string> => {
      const answer = await fetch(new URL(url, this.issuer), {
        method: form === undefined ? 'GET' : 'POST',
        body: form && new URLSearchParams(form),
        headers: { cookie: [...cookies].map((pair) => pair.join('=')).join('; ') },
        redirect: 'manual',
      });
      for (const cookie of answer.headers.getSetCookie()) {
        const [name, value] = cookie.split(';')[0]!.split('=') as [string, string];
        cookies.set(name, value);
      }
      return answer.headers.get('location')!;
    };
    const interaction = await visit(authorizationUrl);
    return visit(await visit(interaction, { prompt: 'login', login, password: 'any' }));
  }

  /** The ID token of an account, as an application of the operator's own gets it. */
  async idToken(login: string): Promise<string> {
    const verifier = 'a'.repeat(43);
    const query = new URLSearchParams({
      client_id: 'rescind',
      response_type: 'code',
      scope: 'openid profile email',
      redirect_uri: `${this.adminUrl}/admin/callback`,
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    });
    const back = new URL(await this.logIn(`${this.issuer}/auth?${query.toString()}`, login));
    const { id_token } = await this.token('rescind', {
      grant_type: 'authorization_code',
      code: back.searchParams.get('code')!,
      redirect_uri: `${this.adminUrl}/admin/callback`,
      code_verifier: verifier,
    });
    return id_token!;
  }

  /** An access token of the client `robot`, as a JWT. */
  async accessToken(audience = 'rescind'): Promise<string> {
    const { access_token } = await this.token('robot', {
      grant_type: 'client_credentials',
      resource: `urn:${audience}`,
    });
    return access_token!;
  }

  private async token(client: string, form: Record<string, string>): Promise<Record<string, string>> {
    const body = new URLSearchParams({ ...form, client_id: client, client_secret: clientSecret });
    const answer = await fetch(`${this.issuer}/token`, { method: 'POST', body });
    return (await answer.json()) as Record<string, string>;
  }
}
