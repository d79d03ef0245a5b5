import { type ErrorFormat, type Rendered, retryAfter, wordingOf } from '../../platform/envelope/error-format';
import { DomainRefusal, type Failure } from '../../platform/envelope/failure';
import { html, pageHeaders, renderPage } from './page';

/** What the portal refuses to a person: code → what the page says. */
export const portalMessages = {
  LINK_INVALID: 'This link is not valid. Please go back to where you came from and start again.',
  FORM_INVALID: 'This page is no longer up to date. Please open the link again.',
  NOT_IDENTIFIED: 'You could not be identified. Please open the link again.',
  NO_IDENTITY_PROVIDER: 'Nobody can be identified here: this server has no identity provider.',
  CANCELLED: 'This request has been cancelled. Nothing has been signed.',
  EXPIRED: 'The time to sign this document is over. Nothing has been signed.',
  FROZEN: 'Nothing can be signed now. Nothing has been signed.',
  BUSY: 'Too many documents are being signed at the moment. Please try again in a minute.',
} as const;

export type PortalErrorCode = keyof typeof portalMessages;

/** The portal says no to a person. */
export class PortalRefusal extends DomainRefusal {
  constructor(readonly code: PortalErrorCode) {
    super(portalMessages[code]);
  }
}

const statusOf = {
  LINK_INVALID: 404,
  FORM_INVALID: 403,
  NOT_IDENTIFIED: 403,
  NO_IDENTITY_PROVIDER: 503,
  CANCELLED: 410,
  EXPIRED: 410,
  FROZEN: 403,
  BUSY: 503,
} as const satisfies Record<PortalErrorCode, number>;

const titleOf: Partial<Record<PortalErrorCode, string>> = { CANCELLED: 'Cancelled', EXPIRED: 'Expired' };

/** The pages for people: what goes wrong there is said as a page too. */
export const portalErrorFormat: ErrorFormat = {
  bases: ['/sign', '/phone', '/identity', '/sign-assets'],
  render: answerTo,
};

function answerTo(failure: Failure): Rendered {
  switch (failure.kind) {
    case 'unreadable':
      return errorPage(failure.status, failure.problem);
    case 'insecure-transport':
      return errorPage(403, 'This page can be opened over https only.');
    case 'rate-limited':
      return errorPage(429, 'Too many requests. Please try again later.');
    case 'unauthenticated':
      return errorPage(401, 'Please open the link again.');
    case 'wrong-media-type':
    case 'too-large':
    case 'malformed-body':
    case 'malformed-url':
    case 'invalid-input':
      return errorPage(400, 'This page has been sent something it does not understand.');
    case 'no-such-route':
      return refusalPage(new PortalRefusal('LINK_INVALID'));
    case 'wrong-method':
      return errorPage(405, portalMessages.LINK_INVALID, { Allow: failure.allowed.join(', ') });
    case 'refused':
      return refusalPage(failure.refusal);
    case 'frozen':
      return refusalPage(new PortalRefusal('FROZEN'));
    case 'unavailable':
      return errorPage(503, `${wordingOf(failure).message}.`, retryAfter);
    case 'unexpected':
      return errorPage(500, 'Something went wrong on our side. Please try again later.');
  }
}

function refusalPage(refusal: DomainRefusal): Rendered {
  if (!(refusal instanceof PortalRefusal)) return answerTo({ kind: 'unexpected' });
  const headers = refusal.code === 'BUSY' ? retryAfter : {};
  return errorPage(statusOf[refusal.code], refusal.message, headers, titleOf[refusal.code]);
}

function errorPage(
  status: number,
  text: string,
  headers: Rendered['headers'] = {},
  title = 'This did not work',
): Rendered {
  const page = { title, main: html`<p>${text}</p>` };
  return { status, headers: { ...pageHeaders, ...headers }, body: renderPage(page) };
}
