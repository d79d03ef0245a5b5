import { applyDecorators, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import { ApiSecurity, type SecuritySchemeObject } from '@nestjs/swagger';
import { type ThrottleName } from '../settings/limits';

/** One way for a caller to prove its identity. The module that registers the passport strategies declares it. */
export interface Authentication {
  readonly name: string;
  /** The passport strategies, one of which must succeed, each with what the OpenAPI document says of it. */
  readonly strategies: Readonly<Record<string, SecuritySchemeObject>>;
  /** By which all routes of these callers are throttled. */
  readonly throttle?: ThrottleName;
}

export interface AuthenticationRule {
  readonly by: Authentication | 'public';
  /** The token must carry a `jti`, so that it serves once. */
  readonly once: boolean;
}

export const authenticationRule = 'rescind:authentication';

/** Declares how the caller of a route is authenticated. A route with neither this nor `@Public()` refuses every call. */
export const Authenticate = (by: Authentication, { once = false } = {}) =>
  applyDecorators(
    SetMetadata(authenticationRule, { by, once } satisfies AuthenticationRule),
    // The documents put the strategies in the place of the name.
    ApiSecurity(by.name, Object.keys(by.strategies)),
  );

/** Declares that a route asks for no credentials. */
export const Public = () =>
  applyDecorators(
    SetMetadata(authenticationRule, { by: 'public', once: false } satisfies AuthenticationRule),
    ApiSecurity('public'),
  );

/** A caller, as the guard identified it. The module that knows a kind of caller extends this with what it knows of it. */
export interface Principal {
  /** The name under which the history records the caller, such as `device:42`. */
  readonly actor: string;
  /** Whose the caller is, where it is a tenant's: among these its name is unique. */
  readonly tenantId?: string;
  /** The `jti` of the caller's token; where there is one, this very call has spent it. */
  readonly tokenId?: string;
}

/** The parameter that receives the principal of the request. */
export const CurrentPrincipal = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  return context.switchToHttp().getRequest<{ user: Principal }>().user;
});
