import { type VerificationKey } from './verification-key';

/** The public keys of one party. */
export class KeySet {
  private readonly byKid: ReadonlyMap<string | undefined, VerificationKey>;

  /** @param keys at least one; several only with distinct kids, as `parseJwks` sees to */
  constructor(private readonly keys: readonly VerificationKey[]) {
    this.byKid = new Map(keys.map((key) => [key.kid, key]));
  }

  /** The key a token's header names; a token that names none can only mean the single key of a party that has one. */
  find(kid: string | undefined): VerificationKey | undefined {
    if (kid !== undefined) return this.byKid.get(kid);
    return this.keys.length === 1 ? this.keys[0] : undefined;
  }
}
