import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type Request, type Response } from 'express';
import { Authenticator } from 'passport';
import { Failed } from '../envelope/failure';
import { type Authentication, authenticationRule, type AuthenticationRule } from './authenticate';
import { type Principal } from './principal';

/** The one guard: runs the passport strategies that the route's `@Authenticate` names. */
@Injectable()
export class AuthenticationGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly passport: Authenticator,
  ) {}

  /** @throws Failed `unauthenticated` when no strategy knows the caller, or the route says nothing of callers */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const places = [context.getHandler(), context.getClass()];
    const rule = this.reflector.getAllAndOverride<AuthenticationRule | undefined>(authenticationRule, places);
    if (rule?.by === 'public') return true;
    const request = context.switchToHttp().getRequest<Request>();
    if (rule === undefined || namesTwoCallers(request)) throw unauthenticated(request);
    const principal = await this.ask(rule.by, request, context.switchToHttp().getResponse());
    if (principal === undefined || (rule.once && principal.tokenId === undefined)) throw unauthenticated(request);
    request.user = principal;
    return true;
  }

  private ask(by: Authentication, request: Request, response: Response): Promise<Principal | undefined> {
    return new Promise((resolve, reject) => {
      const settle = (error: unknown, principal?: Principal | false | null): void => {
        if (error) reject(error instanceof Error ? error : new Error('a strategy failed', { cause: error }));
        else resolve(principal || undefined);
      };
      const ask = this.passport.authenticate(Object.keys(by.strategies), { session: false }, settle) as (
        request: Request,
        response: Response,
        next: (error?: unknown) => void,
      ) => void;
      ask(request, response, settle);
    });
  }
}

function unauthenticated({ headers }: Request): Failed {
  const given = headers.authorization ?? headers['x-tenant-token'];
  return new Failed({ kind: 'unauthenticated', reason: given === undefined ? 'missing' : 'invalid' });
}

/** Node keeps the first of several `Authorization` headers; a proxy before us may have judged by another. */
function namesTwoCallers(request: Request): boolean {
  return request.rawHeaders.filter((name, index) => index % 2 === 0 && /^authorization$/i.test(name)).length > 1;
}
