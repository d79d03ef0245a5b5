import { html } from '../html';
import { type Page } from '../page';
import { type SigningContext } from '../signing-contexts';
import { portalMessages } from '../portal.errors';
import { returnLink, returnUrl } from './return-link';

const texts = {
  signed: { title: 'Signed', text: 'You have signed this document.', status: 'success' },
  cancelled: {
    title: 'Cancelled',
    text: portalMessages.CANCELLED,
    status: 'cancelled',
  },
  expired: {
    title: 'Expired',
    text: portalMessages.EXPIRED,
    status: 'cancelled',
  },
} as const;

/** The request is over, and the way leads back. */
export function endedPage(signingContext: SigningContext, state: keyof typeof texts): Page {
  const { title, text, status } = texts[state];
  const forward = state === 'signed' ? returnUrl(signingContext, status) : undefined;
  return {
    title,
    status: state === 'signed' ? 200 : 410,
    main: html`<p>${text}</p>
      ${forward === undefined ? undefined : html`<p>You are being taken back to ${signingContext.partyName}.</p>`}
      ${returnLink(signingContext, status)}`,
    forward,
  };
}
