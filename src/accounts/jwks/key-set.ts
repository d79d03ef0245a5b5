import { type VerificationKey } from '../../platform/auth/jwt-strategy';

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

  /** The set as it is kept (RFC 7517, section 5): written anew from the keys, so that nothing else a document held stays. */
  toJwks(): { readonly keys: readonly object[] } {
    return { keys: this.keys.map(toJwk) };
  }
}

function toJwk({ kid, algorithms, key }: VerificationKey): object {
  const [alg, another] = algorithms;
  return {
    ...key.export({ format: 'jwk' }),
    use: 'sig',
    ...(kid !== undefined && { kid }),
    ...(another === undefined && { alg }),
  };
}
