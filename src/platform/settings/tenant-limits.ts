import { type EnvironmentReader } from './environment-reader';

/** What one tenant, or one of those it knows, may take of this server, so that it takes nothing from the others. */
export interface TenantLimits {
  /** Transactions that a user may be asked to decide at a time. */
  readonly openPerUser: number;
  readonly openPerTenant: number;
  /** Uploads of one client that a node serves at a time. */
  readonly uploadsPerClient: number;
  /** Documents kept for a tenant, in MiB. */
  readonly storedMebibytes: number;
}

export function readTenantLimits(read: EnvironmentReader): TenantLimits {
  const limit = (name: string, fallback: number) => read.integer(name, { min: 1, max: 1_000_000_000, fallback });
  return {
    openPerUser: limit('MAX_OPEN_PER_USER', 50),
    openPerTenant: limit('MAX_OPEN_PER_TENANT', 10_000),
    uploadsPerClient: limit('MAX_UPLOADS_PER_CLIENT', 4),
    storedMebibytes: limit('MAX_STORED_MIB_PER_TENANT', 10_240),
  };
}
