import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Resealing } from '../platform/secrets/resealing';
import { SealedContent } from '../platform/secrets/sealed-content';
import { type SignDocument } from './sign-document.entity';
import { sealedDocuments, sealedRequests } from './sealed-tables';

/** Names the sign request whose document this is. */
interface RequestKey {
  readonly tenantId: string;
  readonly id: string;
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
