type Environment = Readonly<Record<string, string | undefined>>;

/** Reads typed values out of the environment and remembers every fault it meets. */
export class EnvironmentReader {
  readonly faults: string[] = [];

  constructor(private readonly environment: Environment) {}

  text(name: string): string | undefined {
    const value = this.environment[name]?.trim();
    return value === '' ? undefined : value;
  }

  oneOf<const Choice extends string>(name: string, choices: readonly Choice[], fallback: Choice): Choice {
    const value = this.text(name);
    if (value === undefined) return fallback;
    const choice = choices.find((each) => each === value);
    if (choice === undefined) this.fault(name, `must be one of ${choices.join(', ')}`);
    return choice ?? fallback;
  }

  integer(name: string, bounds: { min: number; max: number; fallback: number }): number {
    const value = this.text(name);
    if (value === undefined) return bounds.fallback;
    const number = Number(value);
    const fits = /^\d+$/.test(value) && number >= bounds.min && number <= bounds.max;
    if (fits) return number;
    this.fault(name, `must be a whole number from ${bounds.min} to ${bounds.max}`);
    return bounds.fallback;
  }

  flag(name: string, fallback: boolean): boolean {
    const value = this.text(name)?.toLowerCase();
    if (value === undefined) return fallback;
    if (value === 'true' || value === '1') return true;
    if (value === 'false' || value === '0') return false;
    this.fault(name, 'must be true or false');
    return fallback;
  }

  /** An absolute URL of one of the given schemes (`https:` …), as it was written, without a closing slash. */
  url(name: string, schemes: readonly string[]): string | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const scheme = URL.canParse(value) ? new URL(value).protocol : undefined;
    if (scheme !== undefined && schemes.includes(scheme)) return value.replace(/\/+$/, '');
    this.fault(name, `must be a URL that starts with ${schemes.map((each) => `${each}//`).join(' or ')}`);
    return undefined;
  }

  /** A JSON object of strings; empty where there is none. */
  texts(name: string): Record<string, string> {
    const value = this.text(name);
    const parsed = value === undefined ? {} : parseJson(value);
    const texts = typeof parsed === 'object' && parsed !== null ? Object.entries(parsed) : undefined;
    if (texts?.every((each): each is [string, string] => typeof each[1] === 'string')) return Object.fromEntries(texts);
    this.fault(name, 'must be a JSON object of strings');
    return {};
  }

  /** Exactly `length` bytes in base64. */
  bytes(name: string, length: number): Buffer | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const bytes = Buffer.from(value, 'base64');
    const exact = bytes.length === length && bytes.toString('base64').replace(/=+$/, '') === value.replace(/=+$/, '');
    if (exact) return bytes;
    this.fault(name, `must be ${length} bytes in base64`);
    return undefined;
  }

  /** A list of names, separated by commas; empty where there is none. */
  listOf<const Choice extends string>(name: string, choices: readonly Choice[]): readonly Choice[] {
    const values = (this.text(name) ?? '').split(',').map((each) => each.trim());
    const given = values.filter((each) => each !== '');
    const known = choices.filter((each) => given.includes(each));
    if (given.every((each) => choices.some((choice) => choice === each))) return known;
    this.fault(name, `must be a list of ${choices.join(', ')}`);
    return [];
  }

  isFaulty(name: string): boolean {
    return this.faults.some((fault) => fault.startsWith(`${name} `));
  }

  fault(name: string, problem: string): void {
    this.faults.push(`${name} ${problem}`);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
