import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Vault } from '../platform/secrets/vault';

/** Makes what may not be guessed, and keeps what may not be read. */
@Injectable()
export class SignRequestSecrets {
  constructor(private readonly vault: Vault) {}

  /** What opens a page to whoever has its address: 256 random bits in base64url. */
  newCapability(): string {
    return randomBytes(32).toString('base64url');
  }

  /** How random secrets are kept. */
  hash(secret: string): Buffer {
    return createHash('sha256').update(secret).digest();
  }

  /**
   * What signers are compared by. An id has too few digits for a hash without a key: all of them can be tried.
   * @param uinHash hex SHA-256 of the upper-cased NRIC or FIN, in either case
   */
  signerHash(tenantId: string, uinHash: string): Buffer {
    return this.vault.mac('signer', tenantId, uinHash.toLowerCase());
  }
}
