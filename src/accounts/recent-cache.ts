import { LRUCache } from 'lru-cache';

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
  private readonly reads: LRUCache<string, Promise<Value | undefined>>;

  constructor(
    private readonly read: (key: string) => Promise<Value | undefined>,
    options: RecentOptions = {},
  ) {
    this.reads = new LRUCache({
      max: options.limit ?? 10_000,
      ttl: options.staleMs ?? staleMs,
      ttlResolution: 0,
      perf: { now: options.now ?? (() => performance.now()) },
    });
  }

  /** @throws what `read` throws, which is not remembered either */
  get(key: string): Promise<Value | undefined> {
    const known = this.reads.get(key);
    if (known !== undefined) return known;
    // Its age counts from here, not from the answer: a slow read may miss a revocation.
    const read = this.read(key);
    this.reads.set(key, read);
    const forget = (): void => {
      if (this.reads.peek(key) === read) this.reads.delete(key);
    };
    read.then((value) => {
      if (value === undefined) forget();
    }, forget);
    return read;
  }

  forgetAll(): void {
    this.reads.clear();
  }
}
