import { createPublicKey, verify } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { WebhookSecret, webhookHeaders } from './standard-webhooks';

const body = '{"type":"approval.ended"}';
const id = '8a4f2c86-6a39-4f0c-9d0e-3f6f2f1f0a11';

const jwkOf = (publicKey: string) => ({
  kty: 'OKP',
  crv: 'Ed25519',
  x: Buffer.from(publicKey.replace('whpk_', ''), 'base64').toString('base64url'),
});

describe('an event is signed so that', () => {
  const [secret, other] = [WebhookSecret.create(), WebhookSecret.create()];
  const headers = webhookHeaders(id, body, [secret]);

  it('the reference library verifies it with the shared secret, and with no other', () => {
    expect(new Webhook(secret.shared).verify(body, headers)).toEqual(JSON.parse(body));
    expect(() => new Webhook(other.shared).verify(body, headers)).toThrow('No matching signature');
    expect(() => new Webhook(secret.shared).verify(`${body} `, headers)).toThrow('No matching signature');
  });

  it('an Ed25519 implementation verifies it with the public key, and with no other', () => {
    const signature = headers['webhook-signature']!.split(' ').find((each) => each.startsWith('v1a,'))!;
    const signed = Buffer.from(`${id}.${headers['webhook-timestamp']}.${body}`);
    const isSignedBy = ({ publicKey }: WebhookSecret) => {
      const key = createPublicKey({ key: jwkOf(publicKey), format: 'jwk' });
      return verify(null, signed, key, Buffer.from(signature.slice('v1a,'.length), 'base64'));
    };
    expect([isSignedBy(secret), isSignedBy(other)]).toEqual([true, false]);
  });

  it('either of two secrets verifies it while both sign', () => {
    const both = webhookHeaders(id, body, [secret, other]);
    for (const each of [secret, other]) expect(new Webhook(each.shared).verify(body, both)).toBeDefined();
  });

  it('it is refused when it is older than five minutes', () => {
    const old = webhookHeaders(id, body, [secret], new Date(Date.now() - 301_000));
    expect(() => new Webhook(secret.shared).verify(body, old)).toThrow('too old');
  });

  it('a secret that was stored signs as before', () => {
    const stored = WebhookSecret.from(Buffer.from(secret.bytes));
    expect(stored.publicKey).toBe(secret.publicKey);
    expect(stored.signaturesOf('x')).toEqual(secret.signaturesOf('x'));
  });
});
