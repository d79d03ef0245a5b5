import { createPrivateKey, type KeyObject } from 'node:crypto';
import { SealBroken, type Vault } from './vault';

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
