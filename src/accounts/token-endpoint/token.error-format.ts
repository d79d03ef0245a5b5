import { DomainRefusal, type Failure } from '../../platform/envelope/failure';
import {
  type ErrorFormat,
  type OwnWords,
  type PlatformKind,
  type Rendered,
  wordingOf,
} from '../../platform/envelope/error-format';
import { TokenError } from './token.dto';

/** Why no token is given, in the words of RFC 6749, section 5.2. */
export const tokenMessages = {
  invalid_request: 'Credentials must be given in one way: in the Authorization header or in the body',
  invalid_client: 'The client is unknown, or its secret is wrong',
  unsupported_grant_type: 'Only client_credentials is supported',
  invalid_scope: 'The client is not registered with this scope',
} as const;

export type TokenErrorCode = keyof typeof tokenMessages;

/** The token endpoint gives no token. */
export class TokenRefusal extends DomainRefusal {
  constructor(readonly code: TokenErrorCode) {
    super(tokenMessages[code]);
  }
}

/** OAuth's errors: `{error, error_description}`, never kept by a cache. Source: RFC 6749, section 5.2. */
export const tokenErrorFormat: ErrorFormat = {
  bases: ['/auth/realms/*/protocol'],
  errorBody: TokenError,
  render: (failure) => {
    const rendered = answerTo(failure);
    return { ...rendered, headers: { 'Cache-Control': 'no-store', ...rendered.headers } };
  },
};

const errorOf = {
  unreadable: 'invalid_request',
  'insecure-transport': 'invalid_request',
  'rate-limited': 'invalid_request',
  'wrong-media-type': 'invalid_request',
  'too-large': 'invalid_request',
  'malformed-body': 'invalid_request',
  'malformed-url': 'invalid_request',
  'invalid-input': 'invalid_request',
  'no-such-route': 'invalid_request',
  'wrong-method': 'invalid_request',
  frozen: 'access_denied',
  unavailable: 'temporarily_unavailable',
  unexpected: 'server_error',
} as const satisfies Record<Exclude<PlatformKind, 'unauthenticated'>, string>;

const ownWords: OwnWords = { 'wrong-media-type': () => ({ status: 400 }) };

function answerTo(failure: Failure): Rendered {
  if (failure.kind === 'unauthenticated') return refusal(new TokenRefusal('invalid_client'));
  if (failure.kind === 'refused')
    return failure.refusal instanceof TokenRefusal ? refusal(failure.refusal) : answerTo({ kind: 'unexpected' });
  const { status, message, headers } = wordingOf(failure, ownWords);
  return { status, headers, body: { error: errorOf[failure.kind], error_description: message } };
}

function refusal({ code, message }: TokenRefusal): Rendered {
  const body = { error: code, error_description: message };
  if (code !== 'invalid_client') return { status: 400, body };
  return { status: 401, headers: { 'WWW-Authenticate': 'Basic realm="token", charset="UTF-8"' }, body };
}
