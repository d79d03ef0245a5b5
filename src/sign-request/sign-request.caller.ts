import { actorOf, type RelyingPartyPrincipal } from '../platform/auth/principal';
import { type Claims } from './claims/claim-reader';

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
  return { tenantId, clientId, claims, actor: actorOf(asking) };
}
