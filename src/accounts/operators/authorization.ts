import { SetMetadata } from '@nestjs/common';
import { ProblemRefusal } from '../../platform/envelope/problem.error-format';
import { failuresOf } from '../../platform/openapi/answers';
import { isAtLeast, type Operator, type Role, sees } from './operator';

/** What a route asks of the operator. */
export interface RoleRule {
  readonly role: Role;
  /** The handler narrows what it does to the operator's tenants. */
  readonly narrows: boolean;
}

export const roleRule = 'rescind:role';

/**
 * Declares which role a route of the administration needs. A route that does not: `viewer` to read, `admin` for all else.
 * @param options `narrows` where the handler looks to the operator's tenants itself. Otherwise a call that names no tenant
 *   (in the path as `tenantId`, in query or body as `tenant`) needs an operator of all tenants.
 */
export const RequiresRole = (role: Role, { narrows = false } = {}) =>
  SetMetadata(roleRule, { role, narrows } satisfies RoleRule);

export const audited = 'rescind:audited';

/** Declares that a route which only reads is recorded all the same: it looks up people, or what became of approvals. */
export const Audited = () => SetMetadata(audited, true);

/** The rule of a route that declares none. */
export function defaultRule(method: string): RoleRule {
  return { role: onlyReads(method) ? 'viewer' : 'admin', narrows: false };
}

export const onlyReads = (method: string): boolean => method === 'GET' || method === 'HEAD';

const refusals = {
  ROLE_TOO_LOW: { status: 403, message: 'This needs another role.' },
  NO_LOGIN: { status: 404, message: 'There is no log-in here.' },
  LOGIN_FAILED: { status: 403, message: 'The log-in did not succeed.' },
  NO_ROLE: { status: 403, message: 'This operator has no role here.' },
  CROSS_SITE: { status: 403, message: 'A call by cookie must come from a page of this server.' },
  NEEDS_ALL_TENANTS: { status: 403, message: 'This is for operators of all tenants.' },
  TENANT_NOT_FOUND: { status: 404, message: 'There is no such tenant.' },
} as const;

/** What an operator may not do. */
export class OperatorRefusal extends ProblemRefusal {
  constructor(readonly code: keyof typeof refusals) {
    super(refusals[code]);
  }
}

/** What every route of the administration may answer. */
export const failuresOfOperators = [
  ...failuresOf.authentication,
  ...failuresOf.rateLimit,
  new OperatorRefusal('NO_ROLE'),
  new OperatorRefusal('CROSS_SITE'),
  new OperatorRefusal('ROLE_TOO_LOW'),
  new OperatorRefusal('NEEDS_ALL_TENANTS'),
  new OperatorRefusal('TENANT_NOT_FOUND'),
];

/** @throws OperatorRefusal ROLE_TOO_LOW */
export function checkRole(operator: Operator, { role }: RoleRule): void {
  if (!isAtLeast(operator.role, role)) throw new OperatorRefusal('ROLE_TOO_LOW');
}

/**
 * A tenant that the operator does not have is answered the same whether or not it exists.
 * @param named what the call names as its tenant, unchecked; more than one where it does so at several places
 * @throws OperatorRefusal TENANT_NOT_FOUND, or NEEDS_ALL_TENANTS when none is named and the handler does not narrow
 */
export function checkTenants(operator: Operator, { narrows }: RoleRule, named: readonly unknown[]): void {
  if (operator.tenants === 'all') return;
  if (!named.every((each) => typeof each === 'string' && sees(operator, each)))
    throw new OperatorRefusal('TENANT_NOT_FOUND');
  if (named.length === 0 && !narrows) throw new OperatorRefusal('NEEDS_ALL_TENANTS');
}
