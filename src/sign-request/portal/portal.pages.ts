import { toString as drawQrCode } from 'qrcode';
import { type ShownSession } from '../session/sign-sessions';
import { assetsBase, html, Html, type Page } from './page';
import { portalMessages } from './portal.errors';
import { type PortalRequest } from './portal.repository';
import { type PortalView } from './portal.service';
import { type SigningContext } from './signing-contexts';

/** The page that shows this. */
export async function portalPage(view: PortalView): Promise<Page> {
  const page = await pageOf(view);
  const { formToken, path } = view;
  return formToken === undefined ? page : { ...page, logOut: { action: `${path}/logout`, formToken } };
}

function pageOf(view: PortalView): Page | Promise<Page> {
  const { signingContext, path, formToken = '' } = view;
  switch (view.shows) {
    case 'entry':
      return entryPage(signingContext, path);
    case 'document':
      return documentPage(signingContext, path, formToken);
    case 'session':
      return sessionPage(signingContext, path, formToken, view.session);
    case 'refused':
      return refusedPage(signingContext);
    case 'signed':
    case 'cancelled':
    case 'expired':
      return endedPage(signingContext, view.shows);
  }
}

/** Before a person is identified. */
function entryPage({ request, partyName }: SigningContext, path: string): Page {
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

/** The document, with the boxes that will be signed, and the way on. */
function documentPage(signingContext: SigningContext, path: string, formToken: string): Page {
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

/** A sign session is open: the person goes on with the phone. */
async function sessionPage(
  { request }: SigningContext,
  path: string,
  formToken: string,
  { phoneUrl, matchCode }: ShownSession,
): Promise<Page> {
  const qrCode = new Html(await drawQrCode(phoneUrl, { type: 'svg', errorCorrectionLevel: 'M' }));
  return {
    title: 'Sign with your phone',
    main: html`
      <p>Scan this code with your phone, and check that it shows the same number.</p>
      <div id="qr-code" role="img" aria-label="QR code of the signing page for your phone">${qrCode}</div>
      <p class="match-code">${matchCode}</p>
      <p><a id="phone" href="${phoneUrl}" target="_blank" rel="noopener">Sign on this device</a></p>
      <form method="post" action="${path}/withdraw">
        <input type="hidden" name="token" value="${formToken}" />
        <button class="quiet">Do not sign now</button>
      </form>
    `,
    follow: follow(path, request),
  };
}

/** Another person is meant, or was identified first. */
function refusedPage(signingContext: SigningContext): Page {
  return {
    title: 'This document is not for you',
    main: html`<p>Somebody else has been asked to sign it.</p>
      ${returnLink(signingContext, 'cancelled')}`,
  };
}

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
function endedPage(signingContext: SigningContext, state: keyof typeof texts): Page {
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

/** The relying party's one registered address, with what became of the request; absent where it registered none. */
function returnUrl({ request, redirectUrl }: SigningContext, status: 'success' | 'cancelled'): string | undefined {
  if (redirectUrl === null) return undefined;
  const url = new URL(redirectUrl);
  url.searchParams.set('request_id', request.id);
  url.searchParams.set('status', status);
  return url.href;
}

function returnLink(signingContext: SigningContext, status: 'success' | 'cancelled'): Html | undefined {
  const url = returnUrl(signingContext, status);
  return url === undefined
    ? undefined
    : html`<p><a class="button" href="${url}">Back to ${signingContext.partyName}</a></p>`;
}

/** The open page asks below its own path whether it still shows the truth. */
export function follow(path: string, { tag }: PortalRequest): NonNullable<Page['follow']> {
  return { changes: `${path}/changes`, seen: tag };
}
