import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

const nonceBytes = 12;
const tagBytes = 16;

/** The master key does not open what is sealed in this database. */
export class SealBroken extends Error {
  constructor(purpose: string) {
    super(`What is sealed for ${purpose} does not open: is MASTER_KEY the one this database was made with?`);
    this.name = 'SealBroken';
  }
}

/** What the master key is used for: a key of its own is derived for each purpose, so none can be used for another. */
export class Vault {
  private readonly keys = new Map<string, Buffer>();

  /** @param masterKey 32 bytes */
  constructor(private readonly masterKey: Buffer) {}

  /** Encrypts with AES-256-GCM. `binding` names the place the secret belongs to; elsewhere it does not open. */
  seal(purpose: string, binding: string, secret: Buffer): Buffer {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', this.key(purpose), nonce, { authTagLength: tagBytes });
    cipher.setAAD(Buffer.from(binding));
    const sealed = [cipher.update(secret), cipher.final()];
    return Buffer.concat([nonce, cipher.getAuthTag(), ...sealed]);
  }

  /** @throws SealBroken when it was sealed with another key, for another place, or has been changed */
  open(purpose: string, binding: string, sealed: Buffer): Buffer {
    try {
      const nonce = sealed.subarray(0, nonceBytes);
      const decipher = createDecipheriv('aes-256-gcm', this.key(purpose), nonce, { authTagLength: tagBytes });
      decipher.setAuthTag(sealed.subarray(nonceBytes, nonceBytes + tagBytes));
      decipher.setAAD(Buffer.from(binding));
      return Buffer.concat([decipher.update(sealed.subarray(nonceBytes + tagBytes)), decipher.final()]);
    } catch {
      throw new SealBroken(purpose);
    }
  }

  /** A keyed hash (HMAC-SHA-256, 32 bytes) of a value in its place. */
  mac(purpose: string, binding: string, value: string): Buffer {
    return createHmac('sha256', this.key(purpose)).update(`${binding.length}:${binding}${value}`).digest();
  }

  private key(purpose: string): Buffer {
    const known = this.keys.get(purpose);
    if (known !== undefined) return known;
    const key = Buffer.from(hkdfSync('sha256', this.masterKey, '', `rescind ${purpose}`, 32));
    this.keys.set(purpose, key);
    return key;
  }
}
