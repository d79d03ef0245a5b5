import { type Request } from 'express';

/**
 * The tenant that a request names: in its path (`/auth/realms/{tenantId}/…`) or as the first label of its host
 * (`{tenantId}.{BASE_HOST}`). Undefined where it names none: then the bearer's own is meant.
 * Source: Cancel Signature, "HTTP request URL for SSMS" and "… for SHIFT".
 */
export function addressedTenant(request: Pick<Request, 'params' | 'hostname'>, baseHost: string): string | undefined {
  const { tenantId } = request.params;
  if (typeof tenantId === 'string') return tenantId;
  // A name with a closing dot is the same name.
  const host = request.hostname.toLowerCase().replace(/\.$/, '');
  return host.endsWith(`.${baseHost}`) ? host.slice(0, -baseHost.length - 1) : undefined;
}
