import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Vault } from '../../platform/secrets/vault';
import { type Person } from '../identity/identity-provider';
import { SignRequestSecrets } from '../sign-request.secrets';

interface RequestKey {
  readonly tenantId: string;
  readonly id: string;
}

/** People as sign requests keep them: a keyed hash to compare by, and the person under seal. */
@Injectable()
export class Signers {
  constructor(
    private readonly vault: Vault,
    private readonly secrets: SignRequestSecrets,
  ) {}

  hash(tenantId: string, person: Person): Buffer {
    const uinHash = createHash('sha256').update(person.id.toUpperCase()).digest('hex');
    return this.secrets.signerHash(tenantId, uinHash);
  }

  /** Whether the request is locked to this person. */
  isLockedTo(person: Person, { tenantId, signer }: { tenantId: string; signer: Buffer | null }): boolean {
    return signer !== null && this.hash(tenantId, person).equals(signer);
  }

  seal({ tenantId, id }: RequestKey, person: Person): Buffer {
    return this.vault.seal('signer', `${tenantId}/${id}`, Buffer.from(JSON.stringify(person)));
  }

  open({ tenantId, id }: RequestKey, sealed: Buffer): Person {
    return JSON.parse(this.vault.open('signer', `${tenantId}/${id}`, sealed).toString()) as Person;
  }
}

/** What is told of a person's id: its last four characters. */
export function partialId({ id }: Person): string {
  return id.slice(-4);
}
