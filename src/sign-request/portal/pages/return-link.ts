import { type Html, html } from '../html';
import { type SigningContext } from '../signing-contexts';

/** The relying party's one registered address, with what became of the request; absent where it registered none. */
export function returnUrl(
  { request, redirectUrl }: SigningContext,
  status: 'success' | 'cancelled',
): string | undefined {
  if (redirectUrl === null) return undefined;
  const url = new URL(redirectUrl);
  url.searchParams.set('request_id', request.id);
  url.searchParams.set('status', status);
  return url.href;
}

export function returnLink(signingContext: SigningContext, status: 'success' | 'cancelled'): Html | undefined {
  const url = returnUrl(signingContext, status);
  return url === undefined
    ? undefined
    : html`<p><a class="button" href="${url}">Back to ${signingContext.partyName}</a></p>`;
}
