/** A person as an identity provider knows them. */
export interface Person {
  /** The NRIC or FIN, in upper case. */
  readonly id: string;
  readonly name: string;
}

/** What one identification is tied to: kept in the person's browser, sealed, until they come back. */
export interface Attempt {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

/** The person could not be identified; `message` says why, to the log and not to the page. */
export class IdentificationFailed extends Error {
  override readonly name = 'IdentificationFailed';
}

/** Who identifies people: a simulated login in the sandbox, OpenID Connect otherwise. */
export abstract class IdentityProvider {
  /** Where the person is sent. @throws IdentificationFailed when the provider cannot be reached */
  abstract start(attempt: Attempt): Promise<string>;

  /**
   * Who has come back.
   * @param callback the address they came back to, with its query
   * @throws IdentificationFailed when it is not the answer to this attempt, or says no
   */
  abstract finish(callback: URL, attempt: Attempt): Promise<Person>;
}

/** Where every provider sends people back to. */
export const callbackPath = '/identity/callback';
