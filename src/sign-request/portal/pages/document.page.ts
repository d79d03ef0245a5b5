import { html } from '../html';
import { assetsBase, type Page } from '../page';
import { type SigningContext } from '../signing-contexts';
import { follow } from './follow';
import { returnLink } from './return-link';

/** The document, with the boxes that will be signed, and the way on. */
export function documentPage(signingContext: SigningContext, path: string, formToken: string): Page {
  const { request, partyName } = signingContext;
  const boxes =
    request.signLocations.length === 1 ? 'the marked box' : `the ${request.signLocations.length} marked boxes`;
  return {
    title: 'Read before you sign',
    main: html`
      <p><strong>${partyName}</strong> asks you to sign <strong>${request.docName}</strong> in ${boxes}.</p>
      <div
        id="document"
        role="region"
        aria-label="The document"
        tabindex="0"
        data-document="${path}/document"
        data-pdfjs="${assetsBase}/pdfjs"
        data-locations="${JSON.stringify(request.signLocations)}"
      ></div>
      <p><a href="${path}/document" download>Download the document</a></p>
      <form method="post" action="${path}/proceed">
        <input type="hidden" name="token" value="${formToken}" />
        <button>Proceed to Sign</button>
      </form>
      ${returnLink(signingContext, 'cancelled')}
    `,
    follow: follow(path, request),
  };
}
