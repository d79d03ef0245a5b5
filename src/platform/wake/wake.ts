import { setTimeout as pause } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { type PoolClient } from 'pg';
import { DataSource } from 'typeorm';
import { poolOf } from '../database/pool';
import { Watches } from './watches';

/** What a look came to: the answer, or how long at most to wait before the next look, in milliseconds. */
export type Look<Answer> = { readonly answer: Answer } | { readonly againWithinMs: number };

/** How long after its connection broke a node tries to listen again, in milliseconds. */
const reconnectAfterMs = 500;

/**
 * Wakes those who wait on this node for something that happens on any: one connection listens for all of them.
 * Who watches first, then looks, then waits, misses nothing; after a broken connection all are told to look again.
 */
@Injectable()
export class Wake implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('Wake');
  private readonly watches = new Watches();
  private client: PoolClient | undefined;
  private stopping = false;

  constructor(private readonly dataSource: DataSource) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.listen();
  }

  /** Sends all who wait on their way, so that a stop need not wait for them. */
  beforeApplicationShutdown(): void {
    this.stopping = true;
    this.watches.wakeAll();
    this.hangUp();
  }

  /** Whether this node is stopping: then nobody may go on waiting, so a look must come to an end. */
  get isStopping(): boolean {
    return this.stopping;
  }

  /**
   * Looks, and looks again whenever the topic is woken (`wakeUp`) or the time that `look` gave is over, until it has an
   * answer. Undefined once nobody waits for it any more; then it is not looked again.
   */
  async until<Answer>(
    topic: string,
    gone: AbortSignal,
    look: () => Promise<Look<Answer>>,
  ): Promise<Answer | undefined> {
    const watch = this.watches.add(topic);
    const leave = (): void => {
      watch.wake();
    };
    gone.addEventListener('abort', leave);
    try {
      while (!gone.aborted) {
        const seen = await look();
        if ('answer' in seen) return seen.answer;
        await watch.next(seen.againWithinMs);
      }
      return undefined;
    } finally {
      gone.removeEventListener('abort', leave);
      watch.close();
    }
  }

  /** @throws Error when there is no connection to listen on */
  private async listen(): Promise<void> {
    const client = await poolOf(this.dataSource).connect();
    client.on('notification', ({ payload }) => {
      if (payload) this.watches.wake(payload);
      else this.watches.wakeAll();
    });
    try {
      await client.query('LISTEN wake_up');
    } catch (error) {
      client.release(true);
      throw error;
    }
    client.once('end', () => void this.lost(client));
    this.client = client;
    if (this.stopping) this.hangUp();
  }

  private hangUp(): void {
    this.client?.release(true);
    this.client = undefined;
  }

  private async lost(client: PoolClient): Promise<void> {
    if (client !== this.client) return;
    this.log.warn('The connection that listens was lost');
    this.hangUp();
    await this.relisten();
  }

  private async relisten(): Promise<void> {
    while (!this.stopping) {
      try {
        await pause(reconnectAfterMs);
        await this.listen();
        this.watches.wakeAll();
        return;
      } catch (error) {
        this.log.warn({ error }, 'Listening again failed');
      }
    }
  }
}
