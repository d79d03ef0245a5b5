/** SQL that the server parses once for each connection and then knows by its name. */
export interface Statement {
  name: string;
  /** With `$1`, `$2`, … where the source had `:name`. */
  text: string;
  /** The parameters' names: the first is `$1`. */
  parameters: readonly string[];
  /** Of a statement that locks rows first: how it does without waiting, and what it locks. */
  locks?: { readonly atOnce: Statement; readonly where: Pick<Statement, 'text' | 'parameters'> };
}

/** PostgreSQL cuts longer names off without a word, so that two of them could become one. */
const longestNameBytes = 63;

/** What a `:name` may be inside of without being a parameter, then casts, then parameters. */
const tokens = new RegExp(
  [
    /\b[eE]'(?:\\.|''|[^'\\])*'/, // string with escapes
    /'(?:''|[^'])*'/, // string
    /"(?:""|[^"])*"/, // quoted identifier
    /\$(?<tag>\w*)\$.*?\$\k<tag>\$/, // dollar-quoted string
    /--[^\n]*/,
    /\/\*.*?\*\//,
    /::/,
    /:(?<parameter>[a-zA-Z_]\w*)/,
  ]
    .map((pattern) => pattern.source)
    .join('|'),
  'gs',
);

const waitingLock = /FOR (?:UPDATE|SHARE)(?: OF \w+)?\b(?! OF | SKIP LOCKED)/g;

/**
 * Compiles SQL with named parameters (`WHERE id = :id`) to a named prepared statement. A name that is used
 * several times is one parameter. Array slices need spaces around their colon (`a[1 : n]`).
 *
 * @param name unique in the program, such as `otp.find`; 63 bytes at most
 * @throws RangeError when the name is empty or too long
 */
export function statement(name: string, source: string): Statement {
  const bytes = Buffer.byteLength(name);
  if (bytes === 0 || bytes > longestNameBytes) throw new RangeError(`A statement's name has 1 to 63 bytes: "${name}"`);

  const parameters: string[] = [];
  const text = source.replace(tokens, (token, ...rest) => {
    const { parameter } = rest.at(-1) as { parameter?: string };
    if (parameter === undefined) return token;
    if (!parameters.includes(parameter)) parameters.push(parameter);
    return `$${parameters.indexOf(parameter) + 1}`;
  });
  return { name, text, parameters };
}

/**
 * The same for SQL that locks rows with `FOR UPDATE` or `FOR SHARE`: it waits for them apart from other statements (`LockQueue`).
 *
 * @param where the condition that finds the rows; statements with the same one, and the same values, wait in one queue
 */
export function lockingStatement(name: string, source: string, where: string): Statement {
  const atOnce = statement(`${name} at once`, source.replace(waitingLock, '$& NOWAIT'));
  return { ...statement(name, source), locks: { atOnce, where: statement(name, where) } };
}

/** SQL: these values, known when the program is written, as a list. */
export const literals = (values: readonly string[]): string => values.map((value) => `'${value}'`).join(', ');

/**
 * The values in the order of the statement's parameters. SQL's NULL is `null`; `undefined` is a mistake.
 *
 * @throws TypeError when a parameter has no value, or a value no parameter
 */
export function arrange({ name, parameters }: Statement, values: Readonly<Record<string, unknown>>): unknown[] {
  const unknown = Object.keys(values).find((key) => !parameters.includes(key));
  if (unknown !== undefined) throw new TypeError(`Statement ${name} has no parameter :${unknown}`);
  return parameters.map((parameter) => {
    const value = Object.hasOwn(values, parameter) ? values[parameter] : undefined;
    if (value === undefined) throw new TypeError(`Statement ${name} needs a value for :${parameter}`);
    return value;
  });
}
