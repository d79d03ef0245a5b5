/** One document of the API: what one kind of client needs to know, and nothing else. */
export interface Definition {
  /** The document is `/openapi/{name}.json`. */
  readonly name: string;
  readonly title: string;
  /** Markdown. */
  readonly description: string;
  /** The path prefixes whose operations it describes, each a whole number of segments. */
  readonly bases: readonly string[];
  /** What to try its path parameters with, where a route does not say: name → value. */
  readonly examples?: Readonly<Record<string, string>>;
}

/** Whether an operation at this path belongs to the definition. */
export function describes({ bases }: Pick<Definition, 'bases'>, path: string): boolean {
  return bases.some((base) => path === base || path.startsWith(`${base}/`));
}
