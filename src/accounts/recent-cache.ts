interface Entry<Value> {
  readonly value: Promise<Value | undefined>;
  readonly readAt: number;
}

/** How long a registration that was changed on another node may still be believed here, in milliseconds. */
export const staleMs = 5_000;

interface RecentOptions {
  /** The module's own where absent. */
  readonly staleMs?: number;
  /** How many entries are kept at most. */
  readonly limit?: number;
  readonly now?: () => number;
}

/**
 * Remembers what was just read, for at most `staleMs`, so that a revocation holds everywhere within that time.
 * What does not exist is not remembered: it may be registered the next moment.
 */
export class RecentCache<Value> {
  private readonly entries = new Map<string, Entry<Value>>();

  constructor(
    private readonly read: (key: string) => Promise<Value | undefined>,
    private readonly options: RecentOptions = {},
  ) {}

  get(key: string): Promise<Value | undefined> {
    const known = this.entries.get(key);
    if (known !== undefined && this.now() - known.readAt < (this.options.staleMs ?? staleMs)) return known.value;
    const entry = { value: this.read(key), readAt: this.now() };
    this.remember(key, entry);
    const drop = (): void => {
      if (this.entries.get(key) === entry) this.entries.delete(key);
    };
    entry.value.then((value) => {
      if (value === undefined) drop();
    }, drop);
    return entry.value;
  }

  forgetAll(): void {
    this.entries.clear();
  }

  private now(): number {
    return (this.options.now ?? performance.now.bind(performance))();
  }

  private remember(key: string, entry: Entry<Value>): void {
    this.entries.delete(key);
    this.entries.set(key, entry);
    const [oldest] = this.entries.keys();
    if (this.entries.size > (this.options.limit ?? 10_000) && oldest !== undefined) this.entries.delete(oldest);
  }
}
