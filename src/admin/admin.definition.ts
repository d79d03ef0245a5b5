import { type Definition } from '../platform/openapi/definition';

export const adminDefinition: Definition = {
  name: 'admin',
  title: 'Administration',
  description: [
    'Registering tenants and those they know, and reading what became of an approval.',
    'Changes hold at once on the server they were made on, and within five seconds on every other.',
    'Secrets are shown once, when they are made, and kept hashed.',
  ].join('\n'),
  bases: ['/admin/v1'],
  examples: {
    tenantId: 'demo',
    tokenId: '0b2e7a1c-5f0e-4a55-9d0a-3f6f0c1d2e3b',
    clientId: 'test-client-id',
    userId: 'alice',
    id: '8a4f2c86-6a39-4f0c-9d0e-3f6f2f1f0a11',
  },
};
