import { type SigningContext, isEnded } from '../portal/signing-contexts';
import { type Html, html, type Page } from '../portal/page';
import { follow } from '../portal/portal.pages';
import { type SignRequestState } from '../sign-request.lifecycle';
import { type PhoneView } from './phone.service';

/** The page that shows this. */
export function phonePage(view: PhoneView): Page {
  switch (view.shows) {
    case 'entry':
      return phoneEntryPage(view.signingContext, view.path);
    case 'refused':
      return { ...notYoursPage(), logOut: logOut(view) };
    case 'decision':
      return {
        ...decisionPage(view.signingContext, view.path, view.formToken, view.matchCode),
        logOut: logOut(view),
      };
    case 'pending':
    case 'expired':
    case 'cancelled':
    case 'signed':
      return decidedPage(view.shows);
  }
}

function logOut({ path, formToken }: { path: string; formToken: string }): NonNullable<Page['logOut']> {
  return { action: `${path}/logout`, formToken };
}

/** Before it is known who holds the phone. */
function phoneEntryPage({ request, partyName }: SigningContext, path: string): Page {
  return {
    title: 'Confirm who you are',
    main: html`
      <p>You are about to sign <strong>${request.docName}</strong> for <strong>${partyName}</strong>.</p>
      <p><a class="button" href="${path}/login">Log in</a></p>
    `,
    follow: follow(path, request),
  };
}

function decisionPage(
  { request, partyName }: SigningContext,
  path: string,
  formToken: string,
  matchCode: string,
): Page {
  const decide = (decision: string, label: string, look: string): Html => html`
    <form method="post" action="${path}/${decision}">
      <input type="hidden" name="token" value="${formToken}" />
      <button class="${look}">${label}</button>
    </form>
  `;
  return {
    title: 'Do you want to sign?',
    main: html`
      <p><strong>${request.docName}</strong> for <strong>${partyName}</strong></p>
      <p>Your other screen shows this number:</p>
      <p class="match-code">${matchCode}</p>
      ${decide('approve', 'Approve', '')} ${decide('reject', 'Reject', 'quiet')}
    `,
    follow: follow(path, request),
  };
}

function notYoursPage(): Page {
  return { title: 'This document is not for you', main: html`<p>Somebody else has opened this sign session.</p>` };
}

const texts = {
  pending: { title: 'Not signed', text: 'This sign session is closed. Nothing has been signed.' },
  expired: { title: 'Not signed', text: 'This sign session is closed. Nothing has been signed.' },
  cancelled: { title: 'Cancelled', text: 'This request has been cancelled. Nothing has been signed.' },
  signed: { title: 'Signed', text: 'You have signed this document. Please go on at your other screen.' },
} as const satisfies Record<Exclude<SignRequestState, 'signing'>, { title: string; text: string }>;

/** There is nothing to decide any more. */
function decidedPage(state: keyof typeof texts): Page {
  const { title, text } = texts[state];
  return { title, status: isEnded(state) ? 410 : 200, main: html`<p>${text}</p>` };
}
