import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { link, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeDataDir } from '../data-dir';
import { type Settings } from '../settings/settings';

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

/** Values of one kind as JSON under seal. A `binding` names the place that a value belongs to; elsewhere it does not open. */
export class SealedJson<Value> {
  constructor(
    private readonly vault: Vault,
    private readonly purpose: string,
  ) {}

  seal(binding: string, value: Value): Buffer {
    return this.vault.seal(this.purpose, binding, Buffer.from(JSON.stringify(value)));
  }

  /** @throws SealBroken when it was sealed with another key, for another place, or has been changed */
  open(binding: string, sealed: Buffer): Value {
    return JSON.parse(this.vault.open(this.purpose, binding, sealed).toString()) as Value;
  }

  /** In base64url, for addresses and cookies. */
  sealToText(binding: string, value: Value): string {
    return this.seal(binding, value).toString('base64url');
  }

  /** What a caller presents; undefined where we did not seal it for this place. */
  openText(binding: string, text: string): Value | undefined {
    try {
      return this.open(binding, Buffer.from(text, 'base64url'));
    } catch (error) {
      if (error instanceof SealBroken) return undefined;
      throw error;
    }
  }
}

/** Private keys of one kind under seal (PKCS #8), each for its own name. */
export class SealedKeys {
  constructor(
    private readonly vault: Vault,
    private readonly purpose: string,
  ) {}

  seal(name: string, key: KeyObject): Buffer {
    return this.vault.seal(this.purpose, name, key.export({ format: 'der', type: 'pkcs8' }));
  }

  /** @throws SealBroken when it was sealed with another key, for another name, or has been changed */
  open(name: string, sealed: Buffer): KeyObject {
    return createPrivateKey({ key: this.vault.open(this.purpose, name, sealed), format: 'der', type: 'pkcs8' });
  }
}

/** Bytes in a master key. */
const keyBytes = 32;

/**
 * The master key of the settings; outside production, where none need be set, the one kept in `DATA_DIR`, made at
 * the first start. Nodes that share a database must share the key.
 * @throws Error when the kept file does not hold a key
 */
export async function masterKeyOf(settings: Pick<Settings, 'masterKey' | 'dataDir'>): Promise<Buffer> {
  if (settings.masterKey !== undefined) return settings.masterKey;
  const file = join(settings.dataDir, 'master.key');
  const kept = await readFile(file, 'utf8').catch(unless('ENOENT'));
  const key = Buffer.from(kept ?? (await make(settings.dataDir, file)), 'base64');
  if (key.length !== keyBytes) throw new Error(`${file} does not hold a master key: ${keyBytes} bytes in base64`);
  return key;
}

/** Puts the whole file in its place at once, so that a crash leaves none, and of several first starts one makes it. */
async function make(dataDir: string, file: string): Promise<string> {
  await makeDataDir(dataDir);
  const draft = `${file}.${process.pid}-${randomBytes(4).toString('hex')}`;
  const handle = await open(draft, 'wx', 0o600);
  await handle.writeFile(randomBytes(keyBytes).toString('base64'));
  await handle.sync();
  await handle.close();
  await link(draft, file).catch(unless('EEXIST'));
  await rm(draft);
  return readFile(file, 'utf8');
}

function unless(code: string): (error: unknown) => undefined {
  return (error) => {
    if ((error as NodeJS.ErrnoException).code !== code) throw error;
  };
}
