/** Who signs, as a signature says it. */
export interface Signer {
  /** In full, in whatever script. */
  readonly name: string;
  /** The last characters of the signer's identity number; they name who bears a name that the box cannot show. */
  readonly partialId: string;
}
