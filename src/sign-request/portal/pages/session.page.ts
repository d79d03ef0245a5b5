import { toString as drawQrCode } from 'qrcode';
import { Html, html } from '../html';
import { type Page } from '../page';
import { type SigningContext } from '../signing-contexts';
import { type ShownSession } from '../../session/sign-sessions';
import { follow } from './follow';

/** A sign session is open: the person goes on with the phone. */
export async function sessionPage(
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
