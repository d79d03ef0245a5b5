import { registerTenant, TestRelyingParty } from '../../support/fixtures';
import { OidcProvider } from '../../support/oidc-provider';
import { PortalVisitor, type Shown } from '../../support/portal-visitor';
import { initiate } from '../../support/sign-requests';
import { openApplication, type TestApplication } from '../../support/test-app';

const publicUrl = 'https://sign.example';

describe('People identified by OpenID Connect', () => {
  let application: TestApplication;
  let provider: OidcProvider;
  let party: TestRelyingParty;
  beforeAll(async () => {
    provider = await OidcProvider.open('client secret');
    application = await openApplication({
      publicUrl,
      sandbox: false,
      oidc: {
        issuer: provider.issuer,
        clientId: 'rescind',
        clientSecret: 'client secret',
        scope: 'openid profile',
        idClaim: 'nric',
        nameClaim: 'name',
      },
    });
    ({ relyingParty: party } = await registerTenant(application.dataSource));
  });
  afterAll(async () => {
    await application.close();
    await provider.close();
  });
  beforeEach(() => {
    provider.claims = { nric: 's1234567d', name: 'Tan Ah Kow' };
    provider.userinfo = {};
  });

  const begin = async () => new URL((await initiate(application.url, party)).signing_url).pathname;
  const visitor = () => new PortalVisitor(application.url);
  /** To the provider; answers where it sends the person back to. */
  const identify = async (person: PortalVisitor, page: string): Promise<string> => {
    const away = await person.open(`${page}/login`);
    const back = await fetch(away.headers.location!, { redirect: 'manual' });
    return back.headers.get('location')!;
  };
  const outcome = ({ status, title }: Shown) => ({ status, title });
  const refused = { status: 403, title: 'This did not work' };
  const admitted = { status: 200, title: 'Read before you sign' };

  it('go to the provider with PKCE, state and nonce, and come back to their page', async () => {
    const page = await begin();
    const person = visitor();
    const away = await person.open(`${page}/login`);
    const url = new URL(away.headers.location!);
    expect(url.origin).toBe(provider.issuer);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: 'rescind',
      response_type: 'code',
      redirect_uri: `${publicUrl}/identity/callback`,
      scope: 'openid profile',
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    });
    expect(away.headers['set-cookie']?.[0]).toMatch(/; HttpOnly; Secure; SameSite=Lax$/);
    expect(outcome(await person.open(await identify(person, page)))).toEqual(admitted);
  });

  it('are known by the configured claims, of the ID token or of the userinfo endpoint', async () => {
    provider.claims = {};
    provider.userinfo = { nric: 'S1234567D', name: 'Tan Ah Kow' };
    const page = await begin();
    const person = visitor();
    expect(outcome(await person.open(await identify(person, page)))).toEqual(admitted);

    provider.userinfo = { name: 'Without An Id' };
    const other = visitor();
    expect(outcome(await other.open(await identify(other, page)))).toEqual(refused);
  });

  it('are not identified by the answer to another attempt', async () => {
    const page = await begin();
    const [one, other] = [visitor(), visitor()];
    const callback = await identify(one, page);
    await identify(other, page);
    expect(outcome(await other.open(callback))).toEqual(refused);
    expect(outcome(await visitor().open(callback))).toEqual(refused);
  });

  it('are not identified by a token for another nonce, nor twice by one answer', async () => {
    const page = await begin();
    const person = visitor();
    provider.claims = { ...provider.claims, nonce: 'another' };
    expect(outcome(await person.open(await identify(person, page)))).toEqual(refused);

    provider.claims = { nric: 'S1234567D', name: 'Tan Ah Kow' };
    const callback = await identify(person, page);
    expect(outcome(await person.open(callback))).toEqual(admitted);
    expect(outcome(await person.open(callback))).toEqual(refused);
  });

  it('are not identified by an ID token that another key has signed', async () => {
    const page = await begin();
    const person = visitor();
    const { idTokenSigner } = provider;
    provider.idTokenSigner = TestRelyingParty.create();
    expect(outcome(await person.open(await identify(person, page)))).toEqual(refused);
    provider.idTokenSigner = idTokenSigner;
    expect(outcome(await person.open(await identify(person, page)))).toEqual(admitted);
  });

  it('see an error page when the provider refuses', async () => {
    const page = await begin();
    const person = visitor();
    const { state } = Object.fromEntries(new URL(await identify(person, page)).searchParams);
    const answer = `/identity/callback?${new URLSearchParams({ error: 'access_denied', state: state! }).toString()}`;
    expect(outcome(await person.open(answer))).toEqual(refused);
  });

  it('have no simulated login', async () => {
    expect((await visitor().open('/identity/simulated?state=a')).status).toBe(404);
  });

  it('cannot sign where there is no identity provider', async () => {
    const bare = await openApplication({ sandbox: false, oidc: undefined });
    const { relyingParty } = await registerTenant(bare.dataSource);
    const { signing_url } = await initiate(bare.url, relyingParty);
    const shown = await new PortalVisitor(bare.url).open(`${new URL(signing_url).pathname}/login`);
    expect(outcome(shown)).toEqual({ status: 503, title: 'This did not work' });
    await bare.close();
  });
});
