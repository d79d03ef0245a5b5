import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { lastValueFrom, type Observable, of } from 'rxjs';
import {
  audited,
  checkRole,
  checkTenants,
  defaultRule,
  onlyReads,
  roleRule,
  type RoleRule,
} from '../accounts/operators/authorization';
import { type Operator } from '../accounts/operators/operator';
import { admin } from '../accounts/operators/operator.strategies';
import { Audit } from '../approvals/audit/audit';
import { authenticationRule, type AuthenticationRule } from '../platform/auth/authenticate';
import { type AwaitedBody, readsBody } from '../platform/http/body';
import { CallRecord, type RecordedRequest } from './call-record';

/** A request of an operator. */
interface OperatorRequest extends RecordedRequest, AwaitedBody {
  readonly user: Operator;
}

type Next = CallHandler<unknown>;

/** Every call of the administration passes here: it is refused where its operator may not make it, and what it does is recorded. */
@Injectable()
export class OperatorCalls implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly audit: Audit,
  ) {}

  /** @throws OperatorRefusal when the operator may not; Failed `unavailable` when it cannot be recorded */
  async intercept(context: ExecutionContext, next: Next): Promise<Observable<unknown>> {
    const places = [context.getHandler(), context.getClass()];
    const { by } = this.reflector.getAllAndOverride<AuthenticationRule>(authenticationRule, places);
    if (by !== admin) return next.handle();
    const request = context.switchToHttp().getRequest<OperatorRequest>();
    const isRead = onlyReads(request.method);
    if (isRead && this.reflector.getAllAndOverride<boolean | undefined>(audited, places) !== true) {
      await this.admit(context, request);
      return next.handle();
    }
    const response = context.switchToHttp().getResponse<{ readonly statusCode: number }>();
    const record = new CallRecord(this.audit, request, request.user);
    const answer = await record.around(async () => {
      await this.admit(context, request, isRead ? undefined : record);
      return lastValueFrom(next.handle(), { defaultValue: undefined });
    }, response);
    return of(answer);
  }

  /** Checks role and tenants, as far as they are known before the body is read; what the body says is checked then. */
  private async admit(context: ExecutionContext, request: OperatorRequest, record?: CallRecord): Promise<void> {
    const { user, method, params, query } = request;
    const rule =
      this.reflector.getAllAndOverride<RoleRule | undefined>(roleRule, [context.getHandler(), context.getClass()]) ??
      defaultRule(method);
    checkRole(user, rule);
    const named = [...tenantsNamedBy(params, 'tenantId'), ...tenantsNamedBy(query, 'tenant')];
    const hasBody = this.reflector.get<boolean | undefined>(readsBody, context.getHandler()) === true;
    if (named.length > 0 || !hasBody) checkTenants(user, rule, named);
    if (!hasBody) await record?.begin();
    else
      request.onceRead = async (body) => {
        checkTenants(user, rule, [...named, ...tenantsNamedBy(body, 'tenant')]);
        await record?.begin(body);
      };
  }
}

function tenantsNamedBy(values: unknown, name: string): unknown[] {
  const { [name]: tenant } = Object(values) as Record<string, unknown>;
  return tenant === undefined ? [] : [tenant];
}
