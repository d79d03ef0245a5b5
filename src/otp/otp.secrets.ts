import { Injectable } from '@nestjs/common';
import { SealedJson, Vault } from '../platform/secrets/vault';

/** What is needed to send a message; stored only sealed. */
interface OtpSecret {
  readonly code: string;
  readonly recipient: string;
  /** The caller's `x-locale`. */
  readonly locale: string | null;
}

/** Hashes and seals codes and recipients, so that the database alone reveals nothing. */
@Injectable()
export class OtpSecrets {
  private readonly sealed: SealedJson<OtpSecret>;

  constructor(private readonly vault: Vault) {
    this.sealed = new SealedJson(vault, 'otp');
  }

  /** Keyed hash that guesses are compared with. It is bound to the OTP, so equal codes have different hashes. */
  codeHash(tenantId: string, id: string, code: string): Buffer {
    return this.vault.mac('otp-code', `${tenantId}/${id}`, code);
  }

  seal(tenantId: string, id: string, secret: OtpSecret): Buffer {
    return this.sealed.seal(`${tenantId}/${id}`, secret);
  }

  open(tenantId: string, id: string, sealed: Buffer): OtpSecret {
    return this.sealed.open(`${tenantId}/${id}`, sealed);
  }
}
