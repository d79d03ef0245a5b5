import { createHmac, createPrivateKey, createPublicKey, type KeyObject, randomBytes, sign } from 'node:crypto';

/** Standard Webhooks 1.0: how an event is signed, so that its receiver can verify it. https://www.standardwebhooks.com */

const keyBytes = 32;

/** What an Ed25519 private key in PKCS #8 (RFC 8410) begins with; its 32 bytes follow. */
const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex');

/** One endpoint's secret: the key of `v1` (HMAC-SHA-256), and the private key of `v1a` (Ed25519). */
export class WebhookSecret {
  private readonly symmetric: Buffer;
  private readonly privateKey: KeyObject;

  private constructor(readonly bytes: Buffer) {
    this.symmetric = bytes.subarray(0, keyBytes);
    const key = Buffer.concat([pkcs8Head, bytes.subarray(keyBytes)]);
    this.privateKey = createPrivateKey({ key, format: 'der', type: 'pkcs8' });
  }

  static create(): WebhookSecret {
    return new WebhookSecret(randomBytes(2 * keyBytes));
  }

  /** @param bytes of a secret made before */
  static from(bytes: Buffer): WebhookSecret {
    return new WebhookSecret(bytes);
  }

  /** `whsec_…`: what a receiver verifies `v1` with. */
  get shared(): string {
    return `whsec_${this.symmetric.toString('base64')}`;
  }

  /** `whpk_…`: what a receiver verifies `v1a` with; not secret. */
  get publicKey(): string {
    const { x = '' } = createPublicKey(this.privateKey).export({ format: 'jwk' });
    return `whpk_${Buffer.from(x, 'base64url').toString('base64')}`;
  }

  /** The signatures of what is signed: `v1,… v1a,…`. */
  signaturesOf(signed: string): string[] {
    const v1 = createHmac('sha256', this.symmetric).update(signed).digest('base64');
    const v1a = sign(null, Buffer.from(signed), this.privateKey).toString('base64');
    return [`v1,${v1}`, `v1a,${v1a}`];
  }
}

/**
 * The headers by which a receiver knows that a body came from us, a moment ago.
 * @param id the same over all tries
 * @param secrets each signs; the newest first
 */
export function webhookHeaders(
  id: string,
  body: string,
  secrets: readonly WebhookSecret[],
  at = new Date(),
): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signatures = secrets.flatMap((secret) => secret.signaturesOf(`${id}.${timestamp}.${body}`));
  return {
    'Content-Type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  };
}
