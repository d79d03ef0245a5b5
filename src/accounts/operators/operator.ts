import { type Principal } from '../../platform/auth/authenticate';

/** What operators may do; each role may what those before it may. */
export const roles = ['viewer', 'support', 'admin'] as const;
export type Role = (typeof roles)[number];

/** Who calls the administration: a person or a machine that runs this server, or supports its tenants. */
export interface Operator extends Principal {
  /** What people call it. */
  readonly name: string;
  readonly role: Role;
  /** The ids of the tenants that exist for this operator. */
  readonly tenants: readonly string[] | 'all';
}

/** Means all tenants among those that are named. */
export const allTenants = '*';

/** The tenants of an operator for whom these are named. Where none are, an admin has all, and another role none. */
export function tenantsOf(role: Role, named: readonly string[] | undefined): Operator['tenants'] {
  if (named === undefined) return role === 'admin' ? 'all' : [];
  return named.includes(allTenants) ? 'all' : named;
}

/** Whether this tenant exists for the operator. */
export function sees({ tenants }: Pick<Operator, 'tenants'>, tenantId: string): boolean {
  return tenants === 'all' || tenants.includes(tenantId);
}

/** Whether one role may what the other may. */
export function isAtLeast(role: Role, other: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(other);
}
