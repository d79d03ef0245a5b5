import { type Claims } from './claims/claim-reader';
import { type RelyingPartyPrincipal } from './relying-party.strategy';

/** The relying party that asks, and the name history knows it by. */
export interface SignRequestCaller {
  readonly tenantId: string;
  readonly clientId: string;
  readonly actor: string;
  /** What its token says. */
  readonly claims: Claims;
}

/** The relying party behind a token. */
export function callerOf(asking: RelyingPartyPrincipal): SignRequestCaller {
  const { tenantId, clientId, claims } = asking;
  return { tenantId, clientId, claims, actor: asking.actor };
}
