import { type EnvironmentReader } from './environment-reader';

/** How many calls there may be, over all nodes, where credentials and codes can be tried. */
export interface ThrottleLimits {
  readonly windowSeconds: number;
  readonly perAddress: number;
  /** Of one client, token or tenant, from whichever addresses. */
  readonly perName: number;
}

export type ThrottleName = 'admin' | 'token' | 'otpStatus' | 'enrolment';

const [minuteSeconds, hourSeconds] = [60, 3_600];

/** `THROTTLE_*`. A name may call more often than an address, lest one address use up what is another's. */
export function readThrottles(read: EnvironmentReader): Readonly<Record<ThrottleName, ThrottleLimits>> {
  const limits = (name: string, windowSeconds: number, perAddress: number, perName: number): ThrottleLimits => {
    const limit = (by: string, fallback: number) =>
      read.integer(`THROTTLE_${name}_PER_${by}`, { min: 1, max: 1_000_000_000, fallback });
    return { windowSeconds, perAddress: limit('ADDRESS', perAddress), perName: limit('NAME', perName) };
  };
  return {
    admin: limits('ADMIN', minuteSeconds, 600, 6_000),
    token: limits('TOKEN', minuteSeconds, 300, 3_000),
    otpStatus: limits('OTP_STATUS', minuteSeconds, 600, 6_000),
    enrolment: limits('ENROLMENT', hourSeconds, 30, 3_000),
  };
}

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
