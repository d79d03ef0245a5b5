import { setTimeout as pause } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { type PoolClient } from 'pg';
import { DataSource } from 'typeorm';
import { poolOf } from '../database/pool';
import { type Watch, Watches } from './watches';

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

  /** Whether this node is stopping: then nobody may go on waiting. */
  get isStopping(): boolean {
    return this.stopping;
  }

  /** Begins to watch a topic (`wakeUp`); to be closed. */
  watch(topic: string): Watch {
    return this.watches.add(topic);
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
