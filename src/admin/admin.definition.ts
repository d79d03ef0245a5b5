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
};
