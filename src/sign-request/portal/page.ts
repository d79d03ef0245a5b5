import { type CallHandler, type ExecutionContext, type NestInterceptor, UseInterceptors } from '@nestjs/common';
import { type Response } from 'express';
import { concatMap, type Observable } from 'rxjs';

/** Text that is known to be well-formed HTML. Made by `html`; made directly only of what no person can influence. */
export class Html {
  constructor(readonly text: string) {}
}

type HtmlPart = Html | string | number | undefined | readonly HtmlPart[];

/** A template whose values cannot become markup: each is escaped, unless it is `Html` itself. */
export function html(strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  return new Html(strings.reduce((text, string, index) => text + textOf(parts[index - 1]) + string));
}

function textOf(part: HtmlPart): string {
  if (part === undefined) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'object') return part.map(textOf).join('');
  return String(part).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** One page of the portal. */
export interface Page {
  readonly title: string;
  /** HTTP status; 200 where absent. */
  readonly status?: number;
  readonly main: Html;
  /** Where the open page asks for changes, and what it has seen already; absent: it stays as it is. */
  readonly follow?: { readonly changes: string; readonly seen: string };
  /** Where the open page leads after some seconds; it also has a link there. */
  readonly forward?: string;
  /** Where the visitor logs out; absent: no person is identified, or nothing is left to see. */
  readonly logOut?: { readonly action: string; readonly formToken: string };
}

const contentSecurityPolicy = [
  `default-src 'none'`,
  `script-src 'self' 'wasm-unsafe-eval'`,
  `worker-src 'self'`,
  `connect-src 'self'`,
  `style-src 'self'`,
  `img-src 'self' blob: data:`,
  `font-src 'self' data:`,
  `form-action 'self'`,
  `base-uri 'none'`,
  `frame-ancestors 'none'`,
].join('; ');

/** The address of a page is a secret: it is not stored, not indexed and not sent to other sites. */
export const pageHeaders = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': contentSecurityPolicy,
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'X-Robots-Tag': 'noindex',
} as const;

/** Where the style sheet, the scripts and pdf.js are. */
export const assetsBase = '/sign-assets';

export function renderPage({ title, main, follow, forward, logOut }: Page): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="${assetsBase}/portal/portal.css" />
        <script type="module" src="${assetsBase}/portal/portal.mjs"></script>
      </head>
      <body>
        <main id="main" data-changes="${follow?.changes}" data-seen="${follow?.seen}" data-forward="${forward}">
          <h1 tabindex="-1">${title}</h1>
          ${main} ${logOut && logOutForm(logOut)}
        </main>
        <p id="news" class="unseen" role="status"></p>
      </body>
    </html>`.text;
}

function logOutForm({ action, formToken }: NonNullable<Page['logOut']>): Html {
  return html`<form class="log-out" method="post" action="${action}">
    <input type="hidden" name="token" value="${formToken}" />
    <button class="quiet">Log out</button>
  </form>`;
}

/** The answer to a form: look there now. */
export class SeeOther {
  constructor(readonly url: string) {}
}

/** Makes the page of what a handler returns. */
type Render = (view: never) => Page | SeeOther | Promise<Page | SeeOther>;

class PageInterceptor implements NestInterceptor<never, string> {
  constructor(private readonly render: Render) {}

  intercept(context: ExecutionContext, next: CallHandler<never>): Observable<string> {
    const response = context.switchToHttp().getResponse<Response>();
    return next.handle().pipe(
      concatMap(async (view) => {
        const answer = await this.render(view);
        response.set(pageHeaders);
        if (!(answer instanceof SeeOther)) {
          response.status(answer.status ?? 200);
          return renderPage(answer);
        }
        response.status(303).location(answer.url);
        return '';
      }),
    );
  }
}

/** What the handlers return is shown as the page that `render` makes of it. */
export const ShowsPage = (render: Render) => UseInterceptors(new PageInterceptor(render));

/** The handlers return a path or URL, where the browser is sent with status 303. */
export const SendsOn = () => ShowsPage((url: string) => new SeeOther(url));
