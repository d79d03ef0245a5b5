import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { PortalRepository } from './portal.repository';

interface Watcher {
  readonly linkHash: Buffer;
  readonly seen: string;
  notify(): void;
}

const lookEveryMs = 500;

/** Less than proxies commonly wait for an answer. */
const longestWaitMs = 25_000;

/**
 * Tells open pages of this node when what they show has changed, on whatever node, by a transition or by time alone.
 * However many pages are open, the database is asked for all of them at once.
 */
@Injectable()
export class StateWatch implements OnModuleDestroy {
  private readonly watchers = new Set<Watcher>();
  private looking: NodeJS.Timeout | undefined;
  private stopping = false;

  constructor(private readonly requests: PortalRepository) {}

  /**
   * The long poll of an open page: waits until the request's tag is another than `seen`, at most 25 s, and no longer than
   * until `gone` is aborted or this node stops.
   */
  async changed(linkHash: Buffer, seen: unknown, gone: AbortSignal): Promise<void> {
    const signal = AbortSignal.any([gone, AbortSignal.timeout(longestWaitMs)]);
    if (signal.aborted || this.stopping) return;
    await new Promise<void>((notify) => {
      const watcher = { linkHash, seen: typeof seen === 'string' ? seen : '', notify };
      this.watchers.add(watcher);
      signal.addEventListener('abort', () => {
        this.release(watcher);
      });
      this.lookSoon();
    });
  }

  onModuleDestroy(): void {
    this.stopping = true;
    clearTimeout(this.looking);
    for (const watcher of this.watchers) this.release(watcher);
  }

  private lookSoon(): void {
    this.looking ??= setTimeout(() => {
      void this.look().finally(() => {
        this.looking = undefined;
        if (this.watchers.size > 0) this.lookSoon();
      });
    }, lookEveryMs);
  }

  /** A database that does not answer for a moment is asked again. */
  private async look(): Promise<void> {
    const found = await this.requests.tags([...this.watchers].map(({ linkHash }) => linkHash)).catch(() => []);
    const tags = new Map(found.map(({ linkHash, tag }) => [linkHash.toString('hex'), tag]));
    for (const watcher of this.watchers) {
      const tag = tags.get(watcher.linkHash.toString('hex'));
      if (tag !== undefined && tag !== watcher.seen) this.release(watcher);
    }
  }

  private release(watcher: Watcher): void {
    this.watchers.delete(watcher);
    watcher.notify();
  }
}
