import { type Definition } from '../platform/openapi/definition';

export const signRequestDefinition: Definition = {
  name: 'sign-v3',
  title: 'Sign v3',
  description:
    'Requests for a person’s signature in a document, which can be called back until a sign session is open.',
  bases: ['/api/v3', '/.well-known', '/sandbox/sign-token', '/sandbox/clock'],
  examples: { requestId: 'signv3-0199cc9c-8b7c-70df-b29b-39843a10c332', link: 'Zm9yLWV4YW1wbGUtb25seQ' },
};
