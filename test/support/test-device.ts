import { createHash, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { SignJWT, type JWTPayload } from 'jose';
import request, { type Response } from 'supertest';
import { type DataSource } from 'typeorm';
import { Device } from '../../src/accounts/devices/device.entity';

const nowSeconds = () => Math.floor(Date.now() / 1000);

/** A real device: a key pair of its own, and the calls it makes. */
export class TestDevice {
  private constructor(
    readonly url: string,
    readonly id: string,
    readonly userId: string,
    readonly privateKey: KeyObject,
    readonly publicKey: KeyObject,
  ) {}

  /** Without the enrolment. */
  static async plant(dataSource: DataSource, url: string, tenantId: string, userId = 'alice'): Promise<TestDevice> {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const device = { tenantId, userId, publicJwk: publicKey.export({ format: 'jwk' }) };
    const { identifiers } = await dataSource.manager.insert(Device, device);
    return new TestDevice(url, String(identifiers[0]!.id), userId, privateKey, publicKey);
  }

  static async enrol(url: string, activationCode: string, userId = 'alice'): Promise<TestDevice> {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { body } = await request(url)
      .post('/device/v1/enrolments')
      .send({ activationCode, publicKey: publicKey.export({ format: 'jwk' }), name: 'Test device' })
      .expect(201);
    return new TestDevice(url, body.data.deviceId, userId, privateKey, publicKey);
  }

  /** The same device, at another node. */
  at(url: string): TestDevice {
    return new TestDevice(url, this.id, this.userId, this.privateKey, this.publicKey);
  }

  /** A fresh token for one call. */
  token(claims: JWTPayload = {}, key = this.privateKey): Promise<string> {
    const iat = nowSeconds();
    return new SignJWT({ sub: this.id, iat, exp: iat + 60, jti: randomUUID(), ...claims })
      .setProtectedHeader({ alg: 'ES256' })
      .sign(key);
  }

  async fetch(waitSeconds = 0): Promise<Response> {
    return request(this.url)
      .get(`/device/v1/signatures?wait=${waitSeconds}`)
      .auth(await this.token(), { type: 'bearer' });
  }

  /** What the device signs to confirm a transaction. */
  sign(transactionId: string, message: string, claims: JWTPayload = {}, key = this.privateKey): Promise<string> {
    const messageSha256 = createHash('sha256').update(message).digest('hex');
    return new SignJWT({ transactionId, userId: this.userId, messageSha256, iat: nowSeconds(), ...claims })
      .setProtectedHeader({ alg: 'ES256' })
      .sign(key);
  }

  async decide(transactionId: string, decision: object): Promise<Response> {
    return request(this.url)
      .post(`/device/v1/signatures/${encodeURIComponent(transactionId)}/decision`)
      .auth(await this.token(), { type: 'bearer' })
      .send(decision);
  }

  async confirm(transactionId: string, message: string): Promise<Response> {
    return this.decide(transactionId, { decision: 'OK', signature: await this.sign(transactionId, message) });
  }
}
