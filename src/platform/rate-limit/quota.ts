/** How much of something there may be, and in which time. */
export interface Quota {
  /** Its name in the `RateLimit` fields: what is counted. */
  readonly policy: string;
  readonly limit: number;
  readonly windowSeconds: number;
}

/** A quota after a call has been counted. */
export interface CountedQuota extends Quota {
  readonly remaining: number;
  /** Whole seconds until the count starts anew, at least 1. */
  readonly resetSeconds: number;
  /** This call was one too many. */
  readonly exceeded: boolean;
}
