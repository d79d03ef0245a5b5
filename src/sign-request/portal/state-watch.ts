import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { type Response } from 'express';
import { PortalRepository } from './portal.repository';

interface Watcher {
  readonly linkHash: Buffer;
  readonly seen: string;
  notify(): void;
}

const lookEveryMs = 500;

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

  /** Waits until the request's tag is another than `seen`, the signal is aborted, or this node stops. */
  async changed(linkHash: Buffer, seen: string, signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.stopping) return;
    await new Promise<void>((notify) => {
      const watcher = { linkHash, seen, notify };
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

/** Less than proxies commonly wait for an answer. */
const longestWaitMs = 25_000;

/** The long poll of an open page: answered, with nothing, as soon as there is something new to show. */
@Injectable()
export class Changes {
  constructor(private readonly watch: StateWatch) {}

  async wait(linkHash: Buffer, seen: unknown, response: Response): Promise<void> {
    const gone = new AbortController();
    response.once('close', () => {
      gone.abort();
    });
    const signal = AbortSignal.any([gone.signal, AbortSignal.timeout(longestWaitMs)]);
    await this.watch.changed(linkHash, typeof seen === 'string' ? seen : '', signal);
  }
}
