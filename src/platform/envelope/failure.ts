import { type CountedQuota } from '../rate-limit/rate-limits';

/** One thing wrong with one field of the input; `field` is its name as the client wrote it. */
export interface Fault {
  readonly field: string;
  readonly problem: string;
}

/**
 * Everything that can go wrong, in no vendor's words. Closed: an error format must have an answer for each kind,
 * or it does not compile.
 */
export type Failure =
  /** It is no proper HTTP, or did not come in time. */
  | { readonly kind: 'unreadable'; readonly status: 400 | 408 | 431; readonly problem: string }
  | { readonly kind: 'insecure-transport' }
  /** `exceeded` where it was found out after the door; its headers are still to be set. */
  | { readonly kind: 'rate-limited'; readonly exceeded?: CountedQuota }
  | { readonly kind: 'unauthenticated'; readonly reason: 'missing' | 'invalid' }
  | { readonly kind: 'wrong-media-type'; readonly accepted: string }
  | { readonly kind: 'too-large'; readonly limitBytes: number }
  | { readonly kind: 'malformed-body'; readonly problem: string }
  | { readonly kind: 'malformed-url' }
  | { readonly kind: 'invalid-input'; readonly faults: readonly Fault[] }
  | { readonly kind: 'no-such-route' }
  | { readonly kind: 'wrong-method'; readonly allowed: readonly string[] }
  | { readonly kind: 'refused'; readonly refusal: DomainRefusal }
  /** Nothing new may begin for the one whom the call is for. */
  | { readonly kind: 'frozen' }
  /** An outage, or overload; `mayBeDone` where the call may have been carried out nonetheless. */
  | { readonly kind: 'unavailable'; readonly mayBeDone: boolean }
  | { readonly kind: 'unexpected' };

/** A failure on its way up to the filter. */
export class Failed extends Error {
  constructor(readonly failure: Failure) {
    super(failure.kind);
    this.name = 'Failed';
  }
}

/** What an API's rules refuse. Each API derives one class, whose `code` is one of its own catalogue. */
export abstract class DomainRefusal extends Error {
  abstract readonly code: string;

  constructor(message?: string) {
    super(message);
    this.name = new.target.name;
  }
}

/** The owner of the new approval is registered no longer. */
export class OwnerGone extends Error {
  constructor() {
    super('The owner of the approval is registered no longer');
    this.name = 'OwnerGone';
  }
}
