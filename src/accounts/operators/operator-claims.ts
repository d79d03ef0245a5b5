import { type Claims } from '../../platform/auth/jwt-strategy';
import { type OperatorsSettings } from '../../platform/settings/integrations';
import { isPrintable } from '../../platform/text/printable';
import { type Operator, type Role, roles, tenantsOf } from './operator';

type ClaimNames = Pick<OperatorsSettings, 'roleClaim' | 'tenantsClaim'>;

/** OpenID Connect Core, section 2, allows 255. */
const maxSubjectLength = 255;
const maxNameLength = 128;

const isName = (claim: unknown): claim is string => isPrintable(claim, maxNameLength);

/** Who has these claims of a provider; undefined where they hold no subject, or no role that is known here. */
export function operatorIn(claims: Claims, { roleClaim, tenantsClaim }: ClaimNames): Operator | undefined {
  const { sub } = claims;
  const role = highestOf(textsIn(claims, roleClaim) ?? []);
  if (role === undefined || !isPrintable(sub, maxSubjectLength)) return undefined;
  const name = [claims.preferred_username, claims.email].find(isName) ?? sub;
  return { actor: actorOf(name, sub), name, role, tenants: tenantsOf(role, textsIn(claims, tenantsClaim)) };
}

/**
 * A provider may give a name to another person, and lets some choose their own; the subject is never another's. The first slash
 * parts the two, since neither holds one.
 */
function actorOf(name: string, sub: string): string {
  const escaped = (text: string): string => text.replace(/[^\w.@+-]/gu, encodeURIComponent);
  return `operator:${escaped(name)}/${escaped(sub)}`;
}

function highestOf(given: readonly string[]): Role | undefined {
  return roles.toReversed().find((role) => given.includes(role));
}

/** A claim's text, or texts; undefined where there is no such claim, empty where it is of another kind. */
function textsIn(claims: Claims, name: string): readonly string[] | undefined {
  const found = claims[name] ?? name.split('.').reduce<unknown>((value, part) => memberOf(value, part), claims);
  if (found === undefined || found === null) return undefined;
  return [found].flat().filter((each) => typeof each === 'string');
}

function memberOf(value: unknown, name: string): unknown {
  const isObject = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
  return isObject ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}
