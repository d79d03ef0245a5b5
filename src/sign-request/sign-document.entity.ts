import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { isPlain } from '../platform/secrets/sealed-table';
import { sealedDocuments } from './sealed-tables';
import { SignRequest } from './sign-request.entity';

/** The bytes of a sign request's document, as it was sent or as it was signed; deleted some time after the request's end. */
@Entity({ name: 'sign_document' })
@Check('sign_document_version', `version IN ('original', 'signed')`)
@Index('sign_document_plain', ['tenantId', 'signRequestId'], { where: isPlain(sealedDocuments.columns) })
export class SignDocument {
  @PrimaryColumn({ name: 'tenant_id', type: 'text' })
  tenantId: string;

  @PrimaryColumn({ name: 'sign_request_id', type: 'text' })
  signRequestId: string;

  @PrimaryColumn({ type: 'text' })
  version: 'original' | 'signed';

  /** Sealed. */
  @Column({ type: 'bytea' })
  bytes: Buffer;

  @ManyToOne(() => SignRequest, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'tenant_id', referencedColumnName: 'tenantId', foreignKeyConstraintName: 'sign_document_request' },
    { name: 'sign_request_id', referencedColumnName: 'id', foreignKeyConstraintName: 'sign_document_request' },
  ])
  signRequest?: Relation<SignRequest>;
}
