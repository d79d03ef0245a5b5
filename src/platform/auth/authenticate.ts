import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiSecurity } from '@nestjs/swagger';

/** The ways a caller can show who he is; each is a passport strategy, or several of which one must succeed. */
export const strategiesOf = {
  'relying-party': ['relying-party'],
  bearer: ['bearer'],
  tenant: ['tenant-token', 'bearer'],
  device: ['device'],
  admin: ['admin'],
} as const satisfies Record<string, readonly string[]>;

export type Authentication = keyof typeof strategiesOf;

export interface AuthenticationRule {
  readonly by: Authentication | 'nobody';
  /** The token must carry a `jti`, so that it serves once. */
  readonly once: boolean;
}

export const authenticationRule = 'rescind:authentication';

/**
 * Declares who may call a route. Every route declares it, the open ones too (`'nobody'` is asked for credentials);
 * one that does not is refused to everybody.
 */
export const Authenticate = (by: Authentication | 'nobody', { once = false } = {}) =>
  applyDecorators(
    SetMetadata(authenticationRule, { by, once } satisfies AuthenticationRule),
    // For the API's documents, which put the strategies in its place.
    ApiSecurity(by),
  );
