import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { checkRole, checkTenants, defaultRule, roleRule, type RoleRule } from '../accounts/operators/authorization';
import { type Operator } from '../accounts/operators/operator';
import { admin } from '../accounts/tokens/admin.strategy';
import { authenticationRule, type AuthenticationRule } from '../platform/auth/authenticate';
import { type AwaitedBody, readsBody } from '../platform/http/body';

/** What is looked at of a call of the administration. */
interface OperatorCall extends AwaitedBody {
  readonly user: Operator;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
}

/** Every call of the administration passes here: it is checked whether its operator may make it. */
@Injectable()
export class OperatorCalls implements NestInterceptor {
  constructor(private readonly reflector: Reflector) {}

  /** @throws OperatorRefusal when the operator may not */
  intercept(context: ExecutionContext, next: CallHandler): ReturnType<CallHandler['handle']> {
    const places = [context.getHandler(), context.getClass()];
    const { by } = this.reflector.getAllAndOverride<AuthenticationRule>(authenticationRule, places);
    if (by !== admin) return next.handle();
    const call = context.switchToHttp().getRequest<OperatorCall>();
    const rule = this.reflector.getAllAndOverride<RoleRule | undefined>(roleRule, places) ?? defaultRule(call.method);
    checkRole(call.user, rule);
    const named = [...tenantsNamedBy(call.params, 'tenantId'), ...tenantsNamedBy(call.query, 'tenant')];
    const hasBody = this.reflector.get<boolean | undefined>(readsBody, context.getHandler()) === true;
    if (named.length > 0 || !hasBody) checkTenants(call.user, rule, named);
    // Which tenant a body names is known once it is read.
    if (hasBody)
      call.onceRead = (body) => {
        checkTenants(call.user, rule, [...named, ...tenantsNamedBy(body, 'tenant')]);
      };
    return next.handle();
  }
}

function tenantsNamedBy(values: unknown, name: string): unknown[] {
  const { [name]: tenant } = Object(values) as Record<string, unknown>;
  return tenant === undefined ? [] : [tenant];
}
