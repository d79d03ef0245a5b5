import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type Request, type Response } from 'express';

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

/** The values of all cookies of this name: a browser may send several. */
export function cookiesNamed(name: string, { cookies = '' }: Pick<Browser, 'cookies'>): string[] {
  return cookies
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
}
