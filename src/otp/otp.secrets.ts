import { randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Vault } from '../platform/secrets/vault';

/** What is needed to send a message; stored only sealed. */
interface OtpSecret {
  readonly code: string;
  readonly recipient: string;
  /** The caller's `x-locale`. */
  readonly locale: string | null;
}

/** Draws codes, and hashes or seals them so that the database alone reveals nothing. */
@Injectable()
export class OtpSecrets {
  constructor(private readonly vault: Vault) {}

  /** Digits from a CSPRNG, each code equally likely (`randomInt` draws again rather than taking a remainder). */
  newCode(length: number): string {
    return String(randomInt(10 ** length)).padStart(length, '0');
  }

  /** Keyed hash that guesses are compared with. It is bound to the OTP, so equal codes have different hashes. */
  codeHash(tenantId: string, id: string, code: string): Buffer {
    return this.vault.mac('otp-code', `${tenantId}/${id}`, code);
  }

  /** Keyed hash that finds a recipient's pending OTPs. */
  recipientHash(tenantId: string, recipient: string): Buffer {
    return this.vault.mac('otp-recipient', tenantId, recipient);
  }

  seal(tenantId: string, id: string, secret: OtpSecret): Buffer {
    return this.vault.seal('otp', `${tenantId}/${id}`, Buffer.from(JSON.stringify(secret)));
  }

  open(tenantId: string, id: string, sealed: Buffer): OtpSecret {
    return JSON.parse(this.vault.open('otp', `${tenantId}/${id}`, sealed).toString()) as OtpSecret;
  }
}
