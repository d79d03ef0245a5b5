import { randomUUID } from 'node:crypto';
import request from 'supertest';
import { type TestTenant } from './fixtures';
import { testAdminToken } from './test-app';

/** Shows a caller of each kind; headers as `ask` takes them. A device shows what is no device's. */
export class Credentials {
  private constructor(
    private readonly tenant: TestTenant,
    private readonly accessToken: string,
  ) {}

  static async of(tenant: TestTenant, url: string): Promise<Credentials> {
    const { clientId, clientSecret } = tenant.oauthClient;
    const { body } = await request(url)
      .post(`/auth/realms/${tenant.id}/protocol/openid-connect/token`)
      .type('form')
      .send({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret })
      .expect(200);
    return new Credentials(tenant, body.access_token);
  }

  async headersFor(by: string, claims: object = {}): Promise<string[]> {
    switch (by) {
      case 'relying-party':
        return ['Authorization', await this.tenant.relyingParty.token({ jti: randomUUID(), ...claims })];
      case 'bearer':
      case 'device':
        return ['Authorization', `Bearer ${this.accessToken}`];
      case 'tenant':
        return ['x-tenant-token', this.tenant.token];
      case 'admin':
        return ['Authorization', `Bearer ${testAdminToken}`];
      default:
        return [];
    }
  }
}
