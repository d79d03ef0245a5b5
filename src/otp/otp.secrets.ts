import { randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Vault } from '../platform/secrets/vault';

/** What a sending needs, and the database must not read. */
export interface OtpSecret {
  readonly code: string;
  readonly recipient: string;
  /** The caller's `x-locale`. */
  readonly locale: string | null;
}

/** Makes codes, and keeps them so that the database alone gives nothing away. */
@Injectable()
export class OtpSecrets {
  constructor(private readonly vault: Vault) {}

  /** Digits from a CSPRNG, each code equally likely (`randomInt` draws again rather than taking a remainder). */
  newCode(length: number): string {
    return String(randomInt(10 ** length)).padStart(length, '0');
  }

  /** What a guess is compared by. It is bound to the OTP, so equal codes do not look equal. */
  codeHash(tenantId: string, id: string, code: string): Buffer {
    return this.vault.mac('otp-code', `${tenantId}/${id}`, code);
  }

  /** What pending OTPs of one recipient are found by. */
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
