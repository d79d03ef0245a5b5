import { type SecuritySchemeObject } from '@nestjs/swagger';
import { type Authentication, type strategiesOf } from '../auth/authenticate';

type Strategy = (typeof strategiesOf)[Authentication][number];

/** How a client shows who it is, for each passport strategy; Swagger UI asks for these under `Authorize`. */
export const securitySchemes = {
  'relying-party': {
    type: 'apiKey',
    in: 'header',
    name: 'Authorization',
    description: [
      'A JWT that the relying party signs for one call (ES256, ES384 or ES512; at most 120 s), with no scheme before it.',
      'In the sandbox, give its claims as a JSON object instead, such as `{"request_id": "signv3-…"}`:',
      'this page then has the demo relying party sign them, afresh for each call.',
    ].join(' '),
  },
  bearer: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description:
      'An access token of the tenant: of its own issuer, or of the built-in token endpoint (in the sandbox with `demo-client` and `demo-secret`).',
  },
  'tenant-token': {
    type: 'apiKey',
    in: 'header',
    name: 'x-tenant-token',
    description: 'A token of the tenant’s backend; in the sandbox `demo-tenant-token`.',
  },
  device: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'A JWT that the device signs for one call with the key it enrolled (ES256; at most 120 s).',
  },
  admin: { type: 'http', scheme: 'bearer', description: 'The `ADMIN_TOKEN` of this server.' },
} as const satisfies Record<Strategy, SecuritySchemeObject>;
