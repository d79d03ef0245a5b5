/** A JWK set cannot serve for verifying signatures; the message tells whoever registers it what is wrong. */
export class InvalidJwks extends Error {
  override readonly name = 'InvalidJwks';
}

/** The server behind a JWKS URL answered, but not with 200. */
export class JwksNotServed extends Error {
  override readonly name = 'JwksNotServed';

  constructor(status: number) {
    super(`answered ${status} where a JWK set was expected`);
  }
}
