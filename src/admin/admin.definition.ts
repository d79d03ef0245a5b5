import { type Definition } from '../platform/openapi/definition';

export const adminDefinition: Definition = {
  name: 'admin',
  title: 'Administration',
  description: 'Registering tenants and whoever belongs to them, and looking after what happens.',
  bases: ['/admin'],
};
