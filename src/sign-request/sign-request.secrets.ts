import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Identifiers } from '../accounts/people/identifiers';
import { Resealing } from '../platform/secrets/resealing';
import { SealedContent } from '../platform/secrets/sealed-content';
import { SealedJson, Vault } from '../platform/secrets/vault';
import { type Person } from './identity/visitors';
import { sealedDocuments, sealedRequests, type SignDocument } from './sign-request.entity';

/** Names the sign request whose secret it is. */
interface RequestKey {
  readonly tenantId: string;
  readonly id: string;
}

/** People as sign requests keep them: a keyed hash to compare by, and the person under seal. */
@Injectable()
export class Signers {
  private readonly sealed: SealedJson<Person>;

  constructor(
    vault: Vault,
    private readonly identifiers: Identifiers,
  ) {
    this.sealed = new SealedJson(vault, 'signer');
  }

  hash(tenantId: string, person: Person): Buffer {
    return this.identifiers.signerHash(tenantId, person.id);
  }

  /** Whether the request is locked to this person. */
  isLockedTo(person: Person, { tenantId, signer }: { tenantId: string; signer: Buffer | null }): boolean {
    return signer !== null && this.hash(tenantId, person).equals(signer);
  }

  seal({ tenantId, id }: RequestKey, person: Person): Buffer {
    return this.sealed.seal(`${tenantId}/${id}`, person);
  }

  open({ tenantId, id }: RequestKey, sealed: Buffer): Person {
    return this.sealed.open(`${tenantId}/${id}`, sealed);
  }
}

/** What is disclosed of a person's id: its last four characters. */
export function partialId({ id }: Person): string {
  return id.slice(-4);
}

/** Documents and their names as they are kept: sealed, each for its own row. */
@Injectable()
export class SealedDocuments implements OnModuleInit {
  constructor(
    private readonly content: SealedContent,
    private readonly resealing: Resealing,
  ) {}

  onModuleInit(): void {
    this.resealing.register(sealedRequests);
    this.resealing.register(sealedDocuments);
  }

  sealName({ tenantId, id }: RequestKey, docName: string): Buffer {
    return this.content.seal(sealedRequests, 'doc_name', [tenantId, id], docName);
  }

  openName({ tenantId, id }: RequestKey, kept: Buffer): string {
    return this.content.open(sealedRequests, 'doc_name', [tenantId, id], kept).toString();
  }

  seal({ tenantId, id }: RequestKey, version: SignDocument['version'], bytes: Buffer): Buffer {
    return this.content.seal(sealedDocuments, 'bytes', [tenantId, id, version], bytes);
  }

  open({ tenantId, id }: RequestKey, version: SignDocument['version'], kept: Buffer): Buffer {
    return this.content.open(sealedDocuments, 'bytes', [tenantId, id, version], kept);
  }
}
