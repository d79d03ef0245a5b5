import { DomainRefusal, type Failure } from '../../platform/envelope/failure';
import { type ErrorFormat, type Rendered, retryAfter, unavailableMessage } from '../../platform/envelope/error-format';
import { TokenError } from './token.dto';

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

/** OAuth's errors: `{error, error_description}`, never kept by a cache. Source: RFC 6749, section 5.2. */
export const tokenErrorFormat: ErrorFormat = {
  bases: ['/auth/realms/*/protocol'],
  errorBody: TokenError,
  render: (failure) => {
    const rendered = errorOf(failure);
    return { ...rendered, headers: { 'Cache-Control': 'no-store', ...rendered.headers } };
  },
};

function errorOf(failure: Failure): Rendered {
  switch (failure.kind) {
    case 'unreadable':
      return invalidRequest(failure.status, failure.problem);
    case 'insecure-transport':
      return invalidRequest(403, 'API requests must be made over https');
    case 'rate-limited':
      return invalidRequest(429, 'Too many requests');
    case 'unauthenticated':
      return refusal(new TokenRefusal('invalid_client'));
    case 'wrong-media-type':
      return invalidRequest(400, `The body must be ${failure.accepted}`);
    case 'too-large':
      return invalidRequest(413, `The body must not be larger than ${failure.limitBytes} bytes`);
    case 'malformed-body':
      return invalidRequest(400, failure.problem);
    case 'malformed-url':
      return invalidRequest(400, 'The address is malformed');
    case 'invalid-input':
      return invalidRequest(400, failure.faults.map(({ problem }) => problem).join('; '));
    case 'no-such-route':
      return invalidRequest(404, 'There is nothing at this address');
    case 'wrong-method':
      return {
        ...invalidRequest(405, 'This method is not allowed here'),
        headers: { Allow: failure.allowed.join(', ') },
      };
    case 'refused':
      return failure.refusal instanceof TokenRefusal ? refusal(failure.refusal) : errorOf({ kind: 'unexpected' });
    case 'unavailable':
      return {
        status: 503,
        headers: retryAfter,
        body: { error: 'temporarily_unavailable', error_description: unavailableMessage(failure) },
      };
    case 'unexpected':
      return { status: 500, body: { error: 'server_error', error_description: 'Something went wrong on our side' } };
  }
}

function invalidRequest(status: number, description: string): Rendered {
  return { status, body: { error: 'invalid_request', error_description: description } };
}

function refusal({ code, message }: TokenRefusal): Rendered {
  const body = { error: code, error_description: message };
  if (code !== 'invalid_client') return { status: 400, body };
  return { status: 401, headers: { 'WWW-Authenticate': 'Basic realm="token", charset="UTF-8"' }, body };
}
