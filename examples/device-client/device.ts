import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';

/** What a device keeps: its id at the server, its user, and its private key, which never leaves it. */
export interface Enrolment {
  readonly deviceId: string;
  readonly privateKey: string;
}

/** A transaction as the server offers it. */
export interface Offer {
  readonly transactionId: string;
  readonly userId: string;
  readonly signatureMessage: string;
  readonly pinRequired: boolean;
  readonly expiresAt: string;
}

/** What the server answers: what came of the call, and its data. */
export interface Answer<Data> {
  readonly status: string;
  readonly message: string;
  readonly data: Data;
}

const nowSeconds = (): number => Math.floor(Date.now() / 1000);

/** Makes a key pair and enrols it by an activation code, which serves once. */
export async function enrol(url: string, activationCode: string, name: string): Promise<Enrolment> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const body = { activationCode, publicKey: publicKey.export({ format: 'jwk' }), name };
  const { data } = await call<{ deviceId: string }>(`${url}/device/v1/enrolments`, { method: 'POST', body });
  return { deviceId: data.deviceId, privateKey: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString() };
}

/** An enrolled device. */
export class Device {
  private readonly privateKey: KeyObject;

  constructor(
    private readonly url: string,
    private readonly enrolment: Enrolment,
  ) {
    this.privateKey = createPrivateKey(enrolment.privateKey);
  }

  /** All that is open for this device; waits at most `waitSeconds` for something new. */
  async fetch(waitSeconds: number): Promise<readonly Offer[]> {
    const token = await this.token();
    return (await call<Offer[]>(`${this.url}/device/v1/signatures?wait=${waitSeconds}`, { method: 'GET', token })).data;
  }

  /** Confirms with a signature over what its user was shown. */
  async confirm(offer: Offer): Promise<void> {
    await this.decide(offer, { decision: 'OK', signature: await this.sign(offer) });
  }

  async reject(offer: Offer): Promise<void> {
    await this.decide(offer, { decision: 'CANCEL' });
  }

  private async decide({ transactionId }: Offer, body: object): Promise<void> {
    const path = `/device/v1/signatures/${encodeURIComponent(transactionId)}/decision`;
    await call(`${this.url}${path}`, { method: 'POST', token: await this.token(), body });
  }

  /** A token for one call. */
  private token(): Promise<string> {
    const iat = nowSeconds();
    return this.signed({ sub: this.enrolment.deviceId, iat, exp: iat + 60, jti: randomUUID() });
  }

  private sign({ transactionId, userId, signatureMessage }: Offer): Promise<string> {
    const messageSha256 = createHash('sha256').update(signatureMessage).digest('hex');
    return this.signed({ transactionId, userId, messageSha256, iat: nowSeconds() });
  }

  private signed(claims: Record<string, unknown>): Promise<string> {
    return new SignJWT(claims).setProtectedHeader({ alg: 'ES256' }).sign(this.privateKey);
  }
}

interface Call {
  readonly method: 'GET' | 'POST';
  readonly token?: string;
  readonly body?: object;
}

/** @throws Error with the server's own words when it refuses */
async function call<Data>(url: string, { method, token, body }: Call): Promise<Answer<Data>> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    body: body && JSON.stringify(body),
  });
  const answer = (await response.json()) as Answer<Data>;
  if (!response.ok) throw new Error(`${answer.status}: ${answer.message}`);
  return answer;
}
