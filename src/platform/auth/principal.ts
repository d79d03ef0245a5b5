import { createParamDecorator, type ExecutionContext } from '@nestjs/common';

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
