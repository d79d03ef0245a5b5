import { randomUUID } from 'node:crypto';
import request, { type Test } from 'supertest';
import { type TestTenant } from './fixtures';

/** The two URLs that each call has. */
export type UrlForm = 'SSMS' | 'SHIFT';
export const urlForms: readonly UrlForm[] = ['SSMS', 'SHIFT'];

/** An access token of the built-in endpoint. */
export async function accessToken(
  url: string,
  { id, oauthClient }: Pick<TestTenant, 'id' | 'oauthClient'>,
): Promise<string> {
  const { body } = await request(url)
    .post(`/auth/realms/${id}/protocol/openid-connect/token`)
    .type('form')
    .auth(oauthClient.clientId, oauthClient.clientSecret)
    .send({ grant_type: 'client_credentials' })
    .expect(200);
  return body.access_token;
}

/** A tenant's backend, calling in one URL form. In the SSMS one the host names the tenant. */
export class TestBackend {
  constructor(
    readonly url: string,
    readonly tenantId: string,
    readonly token: string,
    readonly form: UrlForm = 'SSMS',
  ) {}

  /** `userId` as it is in the path, percent-encoded; null: the URL without it. */
  start(body: object | string, userId: string | null = 'alice'): Test {
    const ssms = userId === null ? 'users/signature' : `users/${userId}/signature`;
    return this.call('post', ssms, withUser('v3_user/digitaniumsignature', userId), body);
  }

  cancel(body: object | string | undefined, userId: string | null = 'alice'): Test {
    const ssms = withUser('users/signature', userId);
    return this.call('delete', ssms, withUser('v3_user/cancelsignature', userId), body);
  }

  /** Starts a transaction with a callback, and answers its id. */
  async started(changes: object = {}): Promise<string> {
    const body = startBody(changes);
    await this.start(body).expect(200);
    return body.transactionId;
  }

  devices(userId = 'alice'): Test {
    return this.call('get', `users/${userId}/devices`, withUser('v3_user/devices', userId));
  }

  lock(deviceId: string): Test {
    return this.call('post', `devices/${deviceId}/lock`, `v3_device/${deviceId}/lock`);
  }

  unlock(deviceId: string): Test {
    return this.call('post', `devices/${deviceId}/unlock`, `v3_device/${deviceId}/unlock`);
  }

  delete(deviceId: string): Test {
    return this.call('delete', `devices/${deviceId}`, `v3_device/${deviceId}`);
  }

  private call(method: 'get' | 'post' | 'delete', ssms: string, shift: string, body?: object | string): Test {
    const path = this.form === 'SSMS' ? `/digitanium/v4/${ssms}` : `/auth/realms/${this.tenantId}/${shift}`;
    const call = request(this.url)[method](path).set('Authorization', `Bearer ${this.token}`);
    if (this.form === 'SSMS') void call.set('Host', `${this.tenantId}.localhost`);
    return body === undefined ? call : call.type('json').send(body);
  }
}

function withUser(path: string, userId: string | null): string {
  return userId === null ? path : `${path}/${userId}`;
}

/** What a start sends; the callback goes where no server listens. */
export function startBody(changes: object = {}) {
  return {
    transactionId: randomUUID(),
    deviceGoOnlineTimeout: '60',
    signatureTimeout: '120',
    signatureMessage: 'Pay 12.50 EUR to Bob',
    callbackUrl: 'https://callback.example/',
    ...changes,
  };
}
