import { Logger } from '@nestjs/common';
import { outsideRequests } from '../observability/logger';

/** What a loop's work knows of its round. */
export interface Round {
  /** Aborted when the round has been given up, or the node stops. */
  readonly signal: AbortSignal;
  /** Says that a long round gets on. */
  readonly progress: () => void;
}

/** Work beside the requests that is never over, such as looking for what is due. */
export interface BackgroundWork {
  readonly name: string;
  /** The longest pause between two rounds, in milliseconds. The real one is from half of it on, so that nodes spread. */
  readonly everyMs: number;
  /** One round; a throw is logged, and the next round comes after the pause. */
  run(round: Round): Promise<unknown>;
  /** Waits for what rounds have begun, when the node stops. */
  drain?(): Promise<unknown>;
}

/** How long a loop may go without progress, in milliseconds, before it is given up and started afresh. */
const stalledAfterMs = 10_000;

/** Makes rounds of one piece of work until it is stopped. No round is part of a request. */
export class BackgroundLoop {
  private readonly log = new Logger('BackgroundLoop');
  private life = new AbortController();
  private startedAt = performance.now();
  private progressAt = performance.now();
  private ended: Promise<void> = Promise.resolve();
  private failing = false;
  private isNudged = false;
  private endPause: (() => void) | undefined;

  constructor(private readonly work: BackgroundWork) {}

  start(): void {
    this.life = new AbortController();
    this.startedAt = performance.now();
    const { signal } = this.life;
    this.ended = outsideRequests(() => this.go(signal));
  }

  /** There is work: the next round begins at once, or as soon as the one under way is over. */
  nudge(): void {
    this.isNudged = true;
    if (!this.failing) this.endPause?.();
  }

  /** Milliseconds since it last got on; between rounds that is no more than its pause. */
  get idleMs(): number {
    return performance.now() - this.progressAt;
  }

  get isStalled(): boolean {
    return this.idleMs > stalledAfterMs;
  }

  /** Gives up a round that hangs, and starts afresh; answers whether that was called for. */
  restartIfStalled(): boolean {
    if (!this.isStalled || performance.now() - this.startedAt <= stalledAfterMs) return false;
    const { name } = this.work;
    this.log.error({ loop: name, idleMs: Math.round(this.idleMs) }, 'A loop makes no progress; it is started afresh');
    this.abort();
    this.start();
    return true;
  }

  /** Begins no more rounds, and waits for what is under way, for so long at most. */
  async stop(withinMs: number): Promise<void> {
    this.abort();
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise((resolve) => (timer = setTimeout(resolve, withinMs)));
    await Promise.race([this.ended.then(() => this.work.drain?.()), limit]).finally(() => {
      clearTimeout(timer);
    });
  }

  private abort(): void {
    this.life.abort();
    this.endPause?.();
  }

  private async go(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.isNudged = false;
      try {
        const progress = (): void => {
          this.progressed(signal);
        };
        await this.work.run({ signal, progress });
        this.progressed(signal);
      } catch (error) {
        this.failed(signal, error);
      }
      await this.pause(signal);
    }
  }

  private progressed({ aborted }: AbortSignal): void {
    if (aborted) return;
    this.progressAt = performance.now();
    if (this.failing) this.log.log(`${this.work.name} works again`);
    this.failing = false;
  }

  /** Of a series of failures the first is logged; the series' length shows in the metrics. */
  private failed({ aborted }: AbortSignal, error: unknown): void {
    if (aborted) return;
    if (!this.failing) this.log.warn({ loop: this.work.name, err: error }, 'A round of a loop failed');
    this.failing = true;
  }

  private async pause({ aborted }: AbortSignal): Promise<void> {
    if (aborted || (this.isNudged && !this.failing)) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.work.everyMs * (0.5 + Math.random() / 2));
      this.endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/**
 * Waits for `work`, but not beyond the signal; the work itself goes on unheard.
 * @throws what `work` throws, or `reason` when the signal comes first
 */
export async function unlessAborted<Result>(
  work: Promise<Result>,
  signal: AbortSignal,
  reason: Error,
): Promise<Result> {
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => {
      reject(reason);
    };
    signal.addEventListener('abort', stop);
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    // A signal that lives long must not keep everything that was ever waited for.
    signal.removeEventListener('abort', stop);
  }
}
