import { html } from '../html';
import { type Page } from '../page';
import { type SigningContext } from '../signing-contexts';
import { follow } from './follow';

/** Before anybody is identified. */
export function entryPage({ request, partyName }: SigningContext, path: string): Page {
  return {
    title: 'Sign a document',
    main: html`
      <p><strong>${partyName}</strong> asks you to sign <strong>${request.docName}</strong>.</p>
      <p>Please log in, so that you can see it.</p>
      <p><a class="button" href="${path}/login">Log in</a></p>
    `,
    follow: follow(path, request),
  };
}
