import { type KeyObject } from 'node:crypto';

/** The signature algorithms of RFC 7518, section 3.1, that tokens may be signed with. */
export type SignatureAlgorithm =
  'ES256' | 'ES384' | 'ES512' | 'RS256' | 'RS384' | 'RS512' | 'PS256' | 'PS384' | 'PS512';

/** A public key, parsed once: parsing costs more than verifying a signature. */
export interface VerificationKey {
  readonly kid?: string;
  /** What a signature by this key may be made with; anything else is not by this key, whatever a token's header claims. */
  readonly algorithms: SignatureAlgorithm[];
  readonly key: KeyObject;
}
