import { ApiProperty } from '@nestjs/swagger';
import {
  type ErrorFormat,
  type OwnWords,
  type PlatformKind,
  type Rendered,
  retryAfter,
  wordingOf,
} from '../platform/envelope/error-format';
import { DomainRefusal, type Failure } from '../platform/envelope/failure';

/**
 * What the Sign v3 API refuses: code → description. Source: Cancel Sign Request, "Response"; the others after
 * its pattern.
 */
export const signRequestMessages = {
  ACTIVE_SESSION_ONGOING: 'Request cannot be cancelled due to an active sign session',
  DOCUMENT_ALREADY_SIGNED: 'Document has already been signed',
  REQUEST_ALREADY_CANCELLED: 'Document has already been cancelled',
  CLIENT_SIDE_ERROR: 'No record found',
  INVALID_REQUEST: 'The request is invalid',
  INVALID_DOCUMENT: 'The document is invalid',
  INVALID_SIGN_LOCATION: 'A sign location is invalid',
  DOCUMENT_NOT_SIGNED: 'Document has not been signed',
  REQUEST_EXPIRED: 'Request has expired',
  REQUEST_CANCELLED: 'Request has been cancelled',
  DOCUMENT_DELETED: 'Signed document is no longer kept',
  LINK_INVALID: 'The link is not valid, or no longer',
  STORAGE_FULL: 'The documents kept for this tenant take all the room it may have',
  SERVER_BUSY: 'There is no time to read the document at present; try again in a moment',
} as const;

export type SignRequestErrorCode = keyof typeof signRequestMessages;

/** A rule of sign requests says no. `description` says it in particular, where the code's own text is too general. */
export class SignRequestRefusal extends DomainRefusal {
  constructor(
    readonly code: SignRequestErrorCode,
    description: string = signRequestMessages[code],
  ) {
    super(description);
  }
}

const statusOf = {
  ACTIVE_SESSION_ONGOING: 400,
  DOCUMENT_ALREADY_SIGNED: 400,
  REQUEST_ALREADY_CANCELLED: 400,
  CLIENT_SIDE_ERROR: 400,
  INVALID_REQUEST: 400,
  INVALID_DOCUMENT: 400,
  INVALID_SIGN_LOCATION: 400,
  DOCUMENT_NOT_SIGNED: 400,
  REQUEST_EXPIRED: 400,
  REQUEST_CANCELLED: 400,
  DOCUMENT_DELETED: 400,
  LINK_INVALID: 404,
  STORAGE_FULL: 429,
  SERVER_BUSY: 503,
} as const satisfies Record<SignRequestErrorCode, number>;

/** Errors that are no rule's of sign requests. */
const otherErrors = [
  'UNAUTHORIZED',
  'FORBIDDEN',
  'HTTPS_REQUIRED',
  'NOT_FOUND',
  'METHOD_NOT_ALLOWED',
  'UNSUPPORTED_MEDIA_TYPE',
  'TOO_MANY_REQUESTS',
  'INTERNAL_SERVER_ERROR',
  'SERVICE_UNAVAILABLE',
] as const;

class SignRequestError {
  @ApiProperty({ enum: [...Object.keys(signRequestMessages), ...otherErrors] })
  error: SignRequestErrorCode | (typeof otherErrors)[number];

  @ApiProperty()
  error_description: string;
}

/** Singpass Sign v3's envelope: `{error, error_description}`. Source: Cancel Sign Request, "Response". */
export const signRequestErrorFormat: ErrorFormat = {
  bases: ['/api/v3'],
  errorBody: SignRequestError,
  render: answerTo,
};

const errorOf = {
  unreadable: 'INVALID_REQUEST',
  'insecure-transport': 'HTTPS_REQUIRED',
  'rate-limited': 'TOO_MANY_REQUESTS',
  unauthenticated: 'UNAUTHORIZED',
  'wrong-media-type': 'UNSUPPORTED_MEDIA_TYPE',
  'too-large': 'INVALID_DOCUMENT',
  'malformed-body': 'INVALID_REQUEST',
  'malformed-url': 'INVALID_REQUEST',
  'invalid-input': 'INVALID_REQUEST',
  'no-such-route': 'NOT_FOUND',
  'wrong-method': 'METHOD_NOT_ALLOWED',
  frozen: 'FORBIDDEN',
  unavailable: 'SERVICE_UNAVAILABLE',
  unexpected: 'INTERNAL_SERVER_ERROR',
} as const satisfies Record<PlatformKind, SignRequestError['error']>;

const ownWords: OwnWords = {
  // One text whatever was wrong: a forger learns nothing from it.
  unauthenticated: () => ({ message: 'The authorization token is missing or invalid' }),
  'too-large': ({ limitBytes }) => ({ message: `The document is larger than ${limitBytes} bytes` }),
  'invalid-input': ({ faults }) => ({
    message: faults.map(({ field, problem }) => `${field}: ${problem}`).join('; '),
  }),
};

function answerTo(failure: Failure): Rendered {
  if (failure.kind === 'refused') return refusalOf(failure.refusal);
  const { status, message, headers } = wordingOf(failure, ownWords);
  return { ...error(status, errorOf[failure.kind], message), headers };
}

function refusalOf(refusal: DomainRefusal): Rendered {
  if (!(refusal instanceof SignRequestRefusal)) return answerTo({ kind: 'unexpected' });
  const answer = error(statusOf[refusal.code], refusal.code, refusal.message);
  return answer.status === 503 ? { ...answer, headers: retryAfter } : answer;
}

function error(status: number, code: SignRequestError['error'], description: string): Rendered {
  return { status, body: { error: code, error_description: description } satisfies SignRequestError };
}
