import { DomainRefusal } from '../platform/envelope/failure';

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
    this.name = 'SignRequestRefusal';
  }
}
