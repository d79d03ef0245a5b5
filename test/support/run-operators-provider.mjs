/**
 * A certified OpenID Connect provider (`oidc-provider`) as a process of its own, since it is an ES module with needs of its own.
 * Its accounts, a JSON object of claims by login, are its argument; it writes its issuer once it listens.
 */
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const { accounts, redirectUri, userinfoOnly } = JSON.parse(process.argv[2]);
const scope = 'openid profile email';
const client = {
  client_secret: 'client secret',
  token_endpoint_auth_method: 'client_secret_post',
  id_token_signed_response_alg: 'ES256',
};
const jwk = { ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }), use: 'sig' };

const server = createServer();
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [
    { ...client, client_id: 'rescind', redirect_uris: [redirectUri], response_types: ['code'] },
    { ...client, client_id: 'robot', grant_types: ['client_credentials'], redirect_uris: [], response_types: [] },
  ],
  jwks: { keys: [{ ...jwk, kid: 'key-1', alg: 'ES256' }] },
  clientAuthMethods: ['client_secret_basic', 'client_secret_post'],
  claims: { openid: ['sub'], profile: ['preferred_username', 'roles', 'tenants', 'realm_access'], email: ['email'] },
  // Whether claims of scopes are at the userinfo endpoint alone, as the specification has it for codes.
  conformIdTokenClaims: userinfoOnly,
  findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id, ...accounts[id] }) }),
  loadExistingGrant: async ({ oidc }) => {
    const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
    grant.addOIDCScope(scope);
    await grant.save();
    return grant;
  },
  features: {
    clientCredentials: { enabled: true },
    // Access tokens for a resource are JWTs (RFC 9068).
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (_ctx, resource) => ({
        scope: '',
        audience: resource.replace('urn:', ''),
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'ES256' } },
      }),
    },
  },
  extraTokenClaims: (_ctx, token) => accounts[token.clientId],
  cookies: { keys: ['cookie key'] },
});
server.on('request', provider.callback());
process.stdout.write(`${issuer}\n`);
