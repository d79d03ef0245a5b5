import { type SigningContext } from '../signing-contexts';
import { html } from '../html';
import { type Page } from '../page';
import { returnLink } from './return-link';

/** Somebody else is meant, or was first. */
export function refusedPage(signingContext: SigningContext): Page {
  return {
    title: 'This document is not for you',
    main: html`<p>Somebody else has been asked to sign it.</p>
      ${returnLink(signingContext, 'cancelled')}`,
  };
}
