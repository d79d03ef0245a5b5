import { DomainRefusal } from '../../platform/envelope/failure';

/** What the portal refuses to a person: code → what the page says. */
export const portalMessages = {
  LINK_INVALID: 'This link is not valid. Please go back to where you came from and start again.',
  FORM_INVALID: 'This page is no longer up to date. Please open the link again.',
  NOT_IDENTIFIED: 'You could not be identified. Please open the link again.',
  NO_IDENTITY_PROVIDER: 'Nobody can be identified here: this server has no identity provider.',
  CANCELLED: 'This request has been cancelled. Nothing has been signed.',
  EXPIRED: 'The time to sign this document is over. Nothing has been signed.',
  BUSY: 'Too many documents are being signed at the moment. Please try again in a minute.',
} as const;

export type PortalErrorCode = keyof typeof portalMessages;

/** The portal says no to a person. */
export class PortalRefusal extends DomainRefusal {
  constructor(readonly code: PortalErrorCode) {
    super(portalMessages[code]);
    this.name = 'PortalRefusal';
  }
}
