import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type ClientBase } from 'pg';
import { Statements } from '../../platform/database/statements';
import { hashSecret } from '../../accounts/tenants/registry';
import { demo, demoDeviceKey } from './demo';
import { DemoRepository } from './demo.repository';
import { publicJwkOf, SandboxKeys } from './sandbox-keys';

/** Sees to it, at each start, that the demo data stand; what is there already is left as it is. */
@Injectable()
export class DemoData implements OnModuleInit {
  constructor(
    private readonly statements: Statements,
    private readonly rows: DemoRepository,
    private readonly keys: SandboxKeys,
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
        await this.rows.addDevice(user.userId, await this.deviceJwk(user.userId, client), client);
      }
    });
  }

  private async deviceJwk(userId: string, client: ClientBase): Promise<object> {
    const name = demoDeviceKey(userId);
    return publicJwkOf(await this.keys.privateKey(name, client), name);
  }
}
