import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { type JWTPayload, SignJWT } from 'jose';
import { type DataSource } from 'typeorm';
import { OtpConfig } from '../../src/otp/config/otp-configs';
import { OauthClient, RelyingParty, TenantToken, TenantUser, Tenant } from '../../src/accounts/tenants/tenant.entities';
import { hashSecret, newSecret } from '../../src/platform/secrets/random-secret';

/** A tenant with one of everything, and the secrets to act as each. */
export interface TestTenant {
  readonly id: string;
  readonly token: string;
  readonly oauthClient: { readonly clientId: string; readonly clientSecret: string };
  readonly relyingParty: TestRelyingParty;
  readonly userId: string;
}

/** Registers a tenant with an OTP configuration, a tenant token, an OAuth client, a relying party and a user. */
export async function registerTenant(dataSource: DataSource, id = `tenant-${randomUUID()}`): Promise<TestTenant> {
  const token = newSecret();
  const clientSecret = newSecret();
  const { manager } = dataSource;
  await manager.insert(Tenant, { id });
  await manager.insert(OtpConfig, { tenantId: id, settings: {} });
  await manager.insert(TenantToken, { id: randomUUID(), tenantId: id, name: 'backend', hash: hashSecret(token) });
  await manager.insert(OauthClient, { tenantId: id, clientId: 'backend', secretHash: hashSecret(clientSecret) });
  await manager.insert(TenantUser, { tenantId: id, userId: 'alice' });
  const relyingParty = await registerRelyingParty(dataSource, id);
  return { id, token, oauthClient: { clientId: 'backend', clientSecret }, relyingParty, userId: 'alice' };
}

export type Curve = 'P-256' | 'P-384' | 'P-521';
const algorithmOf = { 'P-256': 'ES256', 'P-384': 'ES384', 'P-521': 'ES512' } as const;

/** A relying party and the private key it signs its tokens with. */
export class TestRelyingParty {
  constructor(
    readonly clientId: string,
    readonly kid: string,
    readonly privateKey: KeyObject,
    readonly publicJwk: object,
    private readonly algorithm: string,
  ) {}

  static create(clientId = `rp-${randomUUID()}`, namedCurve: Curve = 'P-256'): TestRelyingParty {
    const kid = randomUUID();
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
    const publicJwk = { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig' };
    return new TestRelyingParty(clientId, kid, privateKey, publicJwk, algorithmOf[namedCurve]);
  }

  /** A fresh token with these claims beside `client_id`, `iat` and `exp`; a claim given as undefined is left out. */
  token(claims: JWTPayload = {}, header: object = {}): Promise<string> {
    const iat = Math.floor(Date.now() / 1000);
    return new SignJWT({ client_id: this.clientId, iat, exp: iat + 120, ...claims })
      .setProtectedHeader({ alg: this.algorithm, kid: this.kid, ...header })
      .sign(this.privateKey);
  }
}

export async function registerRelyingParty(
  dataSource: DataSource,
  tenantId: string,
  party = TestRelyingParty.create(),
): Promise<TestRelyingParty> {
  const jwks = { keys: [party.publicJwk] };
  await dataSource.manager.insert(RelyingParty, { clientId: party.clientId, tenantId, name: 'Test RP', jwks });
  return party;
}
