import { DomainRefusal } from '../../platform/envelope/failure';

/** Why no token is given, in the words of RFC 6749, section 5.2. */
export const tokenMessages = {
  invalid_request: 'Credentials must be given in one way: in the Authorization header or in the body',
  invalid_client: 'The client is unknown, or its secret is wrong',
  unsupported_grant_type: 'Only client_credentials is supported',
} as const;

export type TokenErrorCode = keyof typeof tokenMessages;

/** The token endpoint gives no token. */
export class TokenRefusal extends DomainRefusal {
  constructor(readonly code: TokenErrorCode) {
    super(tokenMessages[code]);
    this.name = 'TokenRefusal';
  }
}
