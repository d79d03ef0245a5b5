import { createHash } from 'node:crypto';
import {
  type CallHandler,
  createParamDecorator,
  type ExecutionContext,
  type NestInterceptor,
  UseInterceptors,
} from '@nestjs/common';
import { type Request, type Response } from 'express';
import { map, type Observable } from 'rxjs';
import { SealedJson, type Vault } from '../secrets/vault';

export interface CookieAttributes {
  readonly path: string;
  readonly httpOnly: boolean;
  readonly sameSite: 'lax';
  readonly secure: boolean;
  /** In milliseconds. */
  readonly maxAge?: number;
}

/** The browser that a request comes from. */
export interface Browser {
  /** The path and query that it asks for. */
  readonly address: string;
  /** The header `Cookie`; undefined where there is none. */
  readonly cookies: string | undefined;
  /** The field `token` of the form that it posts, unchecked. */
  readonly formToken: unknown;
  setCookie(name: string, value: string, attributes: CookieAttributes): void;
  clearCookie(name: string, attributes: CookieAttributes): void;
}

/** The parameter that receives the browser behind the request. */
export const CurrentBrowser = createParamDecorator((_: unknown, context: ExecutionContext): Browser => {
  const request = context.switchToHttp().getRequest<Request>();
  const response = context.switchToHttp().getResponse<Response>();
  return {
    address: request.originalUrl,
    cookies: request.headers.cookie,
    formToken: (request.body as { token?: unknown } | undefined)?.token,
    setCookie: (name, value, attributes) => response.cookie(name, value, attributes),
    clearCookie: (name, attributes) => response.clearCookie(name, attributes),
  };
});

class SeeOtherInterceptor implements NestInterceptor<string, void> {
  intercept(context: ExecutionContext, next: CallHandler<string>): Observable<void> {
    const response = context.switchToHttp().getResponse<Response>();
    return next.handle().pipe(
      map((url) => {
        response.status(303).location(url);
      }),
    );
  }
}

/** The handlers return a URL, where the browser is sent with status 303 and no words. */
export const SendsBrowserOn = () => UseInterceptors(SeeOtherInterceptor);

/** The values of all cookies of this name: a browser may send several. */
export function cookiesNamed(name: string, { cookies = '' }: Pick<Browser, 'cookies'>): string[] {
  return cookies
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
}

/**
 * A cookie that only we can write and read: encrypted, bound to the path it is for, and good for a while. Over https its
 * name has the prefix `__Host-`, so that neither another host nor plain http can set it; browsers then ask for the path `/`,
 * so the name tells for which path it is.
 */
export class SealedCookie<Content extends object> {
  private readonly sealed: SealedJson<{ readonly content: Content; readonly expiresAtMs: number }>;

  constructor(
    vault: Vault,
    private readonly name: string,
    private readonly lifeSeconds: number,
    private readonly secure: boolean,
  ) {
    this.sealed = new SealedJson(vault, name);
  }

  write(browser: Browser, path: string, content: Content): void {
    const expiresAtMs = Date.now() + this.lifeSeconds * 1000;
    browser.setCookie(this.nameFor(path), this.sealed.sealToText(path, { content, expiresAtMs }), {
      ...this.options(),
      maxAge: this.lifeSeconds * 1000,
    });
  }

  /** What was written for this path; undefined where it is not there, not ours, or too old. */
  read(browser: Browser, path: string): Content | undefined {
    for (const value of cookiesNamed(this.nameFor(path), browser)) {
      const found = this.sealed.openText(path, value);
      if (found !== undefined && Date.now() < found.expiresAtMs) return found.content;
    }
    return undefined;
  }

  clear(browser: Browser, path: string): void {
    browser.clearCookie(this.nameFor(path), this.options());
  }

  /** The path itself is a secret. */
  private nameFor(path: string): string {
    const suffix = createHash('sha256').update(path).digest('base64url').slice(0, 16);
    return `${this.secure ? '__Host-' : ''}${this.name}-${suffix}`;
  }

  /** `lax`: the cookie is there when an identity provider leads back, and not when another site posts a form. */
  private options(): CookieAttributes {
    return { path: '/', httpOnly: true, sameSite: 'lax', secure: this.secure };
  }
}
