import { type SealedTable } from '../platform/secrets/sealed-table';

export const sealedRequests: SealedTable<'doc_name'> = {
  name: 'sign_request',
  key: ['tenant_id', 'id'],
  columns: ['doc_name'],
};

export const sealedDocuments: SealedTable<'bytes'> = {
  name: 'sign_document',
  key: ['tenant_id', 'sign_request_id', 'version'],
  columns: ['bytes'],
};
