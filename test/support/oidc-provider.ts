import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SignJWT } from 'jose';
import { TestRelyingParty } from './fixtures';

interface Grant {
  readonly challenge: string;
  readonly nonce: string;
  readonly redirectUri: string;
}

/** An OpenID Connect provider at which every login is the same person, without a password. */
export class OidcProvider {
  /** What its ID tokens say besides what they must. */
  claims: Record<string, unknown> = {};
  /** What it answers at its userinfo endpoint. */
  userinfo: Record<string, unknown> = {};
  private readonly grants = new Map<string, Grant>();
  /** Whose key it publishes … */
  private readonly signer = TestRelyingParty.create();
  /** … and who signs its ID tokens. */
  idTokenSigner = this.signer;

  private constructor(
    private readonly server: Server,
    private readonly clientSecret: string,
  ) {}

  static async open(clientSecret: string): Promise<OidcProvider> {
    const server = createServer();
    const provider = new OidcProvider(server, clientSecret);
    server.on('request', (request, response) => void provider.serve(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return provider;
  }

  get issuer(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url!, this.issuer);
    const json = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    switch (pathname) {
      case '/.well-known/openid-configuration':
        return void json(200, this.configuration());
      case '/jwks':
        return void json(200, { keys: [this.signer.publicJwk] });
      case '/authorize':
        return void response.writeHead(303, { location: this.authorize(searchParams) }).end();
      case '/token': {
        const answer = await this.redeem(new URLSearchParams(await text(request)));
        return void json(answer === undefined ? 400 : 200, answer ?? { error: 'invalid_grant' });
      }
      default:
        return void json(200, { sub: 'person-1', ...this.userinfo });
    }
  }

  private configuration(): object {
    const endpoint = (path: string) => `${this.issuer}/${path}`;
    return {
      issuer: this.issuer,
      authorization_endpoint: endpoint('authorize'),
      token_endpoint: endpoint('token'),
      userinfo_endpoint: endpoint('userinfo'),
      jwks_uri: endpoint('jwks'),
      response_types_supported: ['code'],
      id_token_signing_alg_values_supported: ['ES256'],
      code_challenge_methods_supported: ['S256'],
    };
  }

  private authorize(asked: URLSearchParams): string {
    const code = randomUUID();
    const [challenge, nonce, redirectUri, state] = ['code_challenge', 'nonce', 'redirect_uri', 'state'].map((name) =>
      asked.get(name)!,
    ) as [string, string, string, string];
    this.grants.set(code, { challenge, nonce, redirectUri });
    return `${redirectUri}?${new URLSearchParams({ code, state }).toString()}`;
  }

  private async redeem(form: URLSearchParams): Promise<object | undefined> {
    const grant = this.grants.get(form.get('code')!);
    this.grants.delete(form.get('code')!);
    const challenge = createHash('sha256').update(form.get('code_verifier')!).digest('base64url');
    const sound =
      grant?.challenge === challenge &&
      grant.redirectUri === form.get('redirect_uri') &&
      form.get('client_secret') === this.clientSecret;
    if (!sound) return undefined;
    const idToken = new SignJWT({ nonce: grant.nonce, ...this.claims })
      .setProtectedHeader({ alg: 'ES256', kid: this.signer.kid })
      .setIssuer(this.issuer)
      .setAudience(form.get('client_id')!)
      .setSubject('person-1')
      .setIssuedAt()
      .setExpirationTime('1m');
    const id_token = await idToken.sign(this.idTokenSigner.privateKey);
    return { access_token: randomUUID(), token_type: 'bearer', id_token };
  }
}
