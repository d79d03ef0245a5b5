import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type ClientBase } from 'pg';
import { type IdentifierKind, Identifiers, type KeptIdentifier } from '../accounts/people/identifiers';
import { statement } from '../platform/database/statement';
import { Statements } from '../platform/database/statements';
import { hashSecret } from '../platform/secrets/random-secret';
import { demo, demoDeviceKey, publicJwkOf, SandboxKeys } from './demo';

/** What somebody has deleted of the demo data is registered again at the next start. */
const forgetRetiredIds = statement(
  'demo-forget-retired-ids',
  `DELETE FROM retired_id WHERE tenant_id = :tenantId OR (kind, tenant_id, id) IN (('tenant', '', :tenantId), ('relying-party', '', :clientId))`,
);

/** Answers whether the tenant of this name is the sandbox's. */
const addTenant = statement(
  'demo-tenant',
  `INSERT INTO tenant (id, name, sandbox) VALUES (:tenantId, 'Demo', true)
   ON CONFLICT (id) DO UPDATE SET id = EXCLUDED.id RETURNING sandbox`,
);

const addOtpSettings = statement(
  'demo-otp-settings',
  `INSERT INTO otp_config (tenant_id, settings) VALUES (:tenantId, '{}') ON CONFLICT DO NOTHING`,
);

const addTenantToken = statement(
  'demo-tenant-token',
  `INSERT INTO tenant_token (id, tenant_id, name, hash) VALUES (gen_random_uuid(), :tenantId, 'demo', :hash)
   ON CONFLICT DO NOTHING`,
);

const addOauthClient = statement(
  'demo-oauth-client',
  `INSERT INTO oauth_client (tenant_id, client_id, secret_hash, scopes) VALUES (:tenantId, :clientId, :secretHash, '{recall}')
   ON CONFLICT DO NOTHING`,
);

const addRelyingParty = statement(
  'demo-relying-party',
  `INSERT INTO relying_party (client_id, tenant_id, name, jwks) VALUES (:clientId, :tenantId, :name, :jwks)
   ON CONFLICT DO NOTHING`,
);

const addUser = statement(
  'demo-user',
  `INSERT INTO tenant_user (tenant_id, user_id, display_name) VALUES (:tenantId, :userId, :displayName)
   ON CONFLICT DO NOTHING`,
);

const addIdentifier = statement(
  'demo-identifier',
  `INSERT INTO person_identifier (tenant_id, user_id, kind, hash, masked) VALUES (:tenantId, :userId, :kind, :hash, :masked)
   ON CONFLICT DO NOTHING`,
);

/** Where nodes start at once, the user's row makes them take turns. */
const lockUser = statement(
  'demo-user-lock',
  'SELECT user_id FROM tenant_user WHERE tenant_id = :tenantId AND user_id = :userId FOR NO KEY UPDATE',
);

const addDevice = statement(
  'demo-device',
  `INSERT INTO device (tenant_id, user_id, name, public_jwk)
   SELECT :tenantId, :userId, 'Demo device', :publicJwk::jsonb
   WHERE NOT EXISTS (SELECT 1 FROM device WHERE tenant_id = :tenantId AND user_id = :userId AND name = 'Demo device')`,
);

const { tenantId } = demo;

type DemoUser = (typeof demo.users)[number];

/** Adds to the demo tenant what is not there yet. Several nodes may do so at once: the rows are unique. */
@Injectable()
export class DemoRepository {
  constructor(private readonly statements: Statements) {}

  /** @throws Error when there is a tenant of this name that is not the sandbox's, which must not get public secrets */
  async addTenant(client: ClientBase): Promise<void> {
    await this.statements.run(forgetRetiredIds, { tenantId, clientId: demo.relyingParty.clientId }, client);
    const [tenant] = await this.statements.run<{ sandbox: boolean }>(addTenant, { tenantId }, client);
    if (tenant?.sandbox !== true)
      throw new Error(`The sandbox cannot start: the tenant ${tenantId} of this database is not the sandbox's.`);
    await this.statements.run(addOtpSettings, { tenantId }, client);
  }

  async addTenantToken(hash: Buffer, client: ClientBase): Promise<void> {
    await this.statements.run(addTenantToken, { tenantId, hash }, client);
  }

  async addOauthClient(clientId: string, secretHash: Buffer, client: ClientBase): Promise<void> {
    await this.statements.run(addOauthClient, { tenantId, clientId, secretHash }, client);
  }

  async addRelyingParty(party: { clientId: string; name: string; jwks: object }, client: ClientBase): Promise<void> {
    await this.statements.run(addRelyingParty, { tenantId, ...party }, client);
  }

  async addUser({ userId, displayName }: DemoUser, client: ClientBase): Promise<void> {
    await this.statements.run(addUser, { tenantId, userId, displayName }, client);
  }

  async addIdentifier(userId: string, identifier: KeptIdentifier, client: ClientBase): Promise<void> {
    await this.statements.run(addIdentifier, { tenantId, userId, ...identifier }, client);
  }

  async addDevice(userId: string, publicJwk: object, client: ClientBase): Promise<void> {
    await this.statements.run(lockUser, { tenantId, userId }, client);
    await this.statements.run(addDevice, { tenantId, userId, publicJwk: JSON.stringify(publicJwk) }, client);
  }
}

/** Adds, at each start, what is missing of the demo data; what is there already is left as it is. */
@Injectable()
export class DemoData implements OnModuleInit {
  constructor(
    private readonly statements: Statements,
    private readonly rows: DemoRepository,
    private readonly keys: SandboxKeys,
    private readonly identifiers: Identifiers,
  ) {}

  /** @throws SealBroken when the master key is not this database's */
  async onModuleInit(): Promise<void> {
    const { tenantToken, oauthClient, relyingParty, users } = demo;
    await this.statements.transaction(async (client) => {
      await this.rows.addTenant(client);
      await this.rows.addTenantToken(hashSecret(tenantToken), client);
      await this.rows.addOauthClient(oauthClient.clientId, hashSecret(oauthClient.clientSecret), client);
      const { clientId } = relyingParty;
      const key = await this.keys.privateKey(clientId, client);
      await this.rows.addRelyingParty({ ...relyingParty, jwks: { keys: [publicJwkOf(key, clientId)] } }, client);
      for (const user of users) {
        await this.rows.addUser(user, client);
        await this.addIdentifiers(user, client);
        await this.rows.addDevice(user.userId, await this.deviceJwk(user.userId, client), client);
      }
    });
  }

  private async addIdentifiers({ userId, identifiers }: DemoUser, client: ClientBase): Promise<void> {
    for (const [kind, text] of Object.entries(identifiers) as [IdentifierKind, string][]) {
      const kept = this.identifiers.kept(tenantId, kind, text);
      if (kept !== undefined) await this.rows.addIdentifier(userId, kept, client);
    }
  }

  private async deviceJwk(userId: string, client: ClientBase): Promise<object> {
    const name = demoDeviceKey(userId);
    return publicJwkOf(await this.keys.privateKey(name, client), name);
  }
}
