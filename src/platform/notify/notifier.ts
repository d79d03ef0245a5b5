import { setTimeout as pause } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Global, Injectable, Module, type OnModuleInit } from '@nestjs/common';
import { type PoolClient } from 'pg';
import { DataSource } from 'typeorm';
import { sessionPoolOf } from '../database/pool';
import { statement } from '../database/statement';
import { Statements } from '../database/statements';
import { type Round } from '../jobs/background-loop';
import { Jobs } from '../jobs/jobs';
import { Watches } from './watches';

/** What a look came to: the answer, or how long at most to wait before the next look, in milliseconds. */
type Look<Answer> = { readonly answer: Answer } | { readonly againWithinMs: number };

/** Of these topics, those that have something to be seen. */
type FindNews = (topics: readonly string[]) => Promise<readonly string[]>;

/** What a lost notice costs those who wait, in milliseconds. */
const lookEveryMs = 1_000;

/** How long notices are gathered, in milliseconds. */
const gatherMs = 10;

const noticeLoop = 'notices';

const allTopics = '';

const send = statement('wake-up-send', `SELECT pg_notify('wake_up', topic) FROM unnest(:topics::text[]) AS topic`);

/**
 * Notifies the waiters of this node of what happens on any node: one connection listens for all of them.
 * Who watches first, then looks, then waits, misses nothing. Notices may be lost: once a second one query for each
 * registered kind of topic finds those that have something to be seen; the others are notified when the connection that
 * listens has been replaced, and otherwise look when their own wait is over.
 */
@Injectable()
export class Notifier implements OnModuleInit, BeforeApplicationShutdown {
  private readonly watches = new Watches();
  private readonly kinds = new Map<string, FindNews>();
  /** Topics whose notices are yet to be sent. */
  private readonly notified = new Set<string>();
  private client: PoolClient | undefined;
  private stopping = false;

  constructor(
    private readonly dataSource: DataSource,
    private readonly statements: Statements,
    private readonly jobs: Jobs,
  ) {}

  onModuleInit(): void {
    this.jobs.loop({ name: 'notifier', everyMs: lookEveryMs, run: (round) => this.hear(round) });
    this.jobs.loop({ name: noticeLoop, everyMs: lookEveryMs, run: () => this.sendNotices() });
  }

  /** Sends all who wait on their way, so that a stop need not wait for them. */
  beforeApplicationShutdown(): void {
    this.stopping = true;
    this.watches.notifyAll();
    this.hangUp();
  }

  /** Whether this node is stopping: then no call may go on waiting, so a look must come to an end. */
  get isStopping(): boolean {
    return this.stopping;
  }

  /** Says how those who watch topics of this beginning are found who have something to see; to be called while modules initialize. */
  register(kind: string, findNews: FindNews): void {
    this.kinds.set(kind, findNews);
  }

  /** Notifies the watches of the topic on every node. To be called after the commit of what there is to see. */
  notify(topic: string): void {
    this.watches.notify(topic);
    this.notified.add(topic);
    this.jobs.nudge(noticeLoop);
  }

  notifyAllTopics(): void {
    this.watches.notifyAll();
    this.notify(allTopics);
  }

  /**
   * Looks, and looks again whenever the topic is notified or the time that `look` gave is over, until it has an answer.
   * Undefined once no call waits for it any more; then it is not looked again.
   */
  async until<Answer>(
    topic: string,
    gone: AbortSignal,
    look: () => Promise<Look<Answer>>,
  ): Promise<Answer | undefined> {
    const watch = this.watches.add(topic);
    const leave = (): void => {
      watch.notify();
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

  private async hear({ signal }: Round): Promise<void> {
    const hangUp = (): void => {
      this.hangUp();
    };
    signal.addEventListener('abort', hangUp);
    try {
      if (await this.listen(signal)) this.notifyUnregistered();
    } catch (error) {
      // A round that was given up has been replaced, and its connection too.
      if (!signal.aborted) this.hangUp();
      throw error;
    } finally {
      signal.removeEventListener('abort', hangUp);
    }
    for (const [kind, findNews] of this.kinds) {
      const watched = this.watches.topics(kind);
      if (watched.length > 0) for (const topic of await findNews(watched)) this.watches.notify(topic);
    }
  }

  /** Ensures that a connection listens and answers. Returns whether it is a new one. */
  private async listen(signal: AbortSignal): Promise<boolean> {
    const client = this.client ?? (await sessionPoolOf(this.dataSource).connect());
    if (signal.aborted || this.stopping) {
      client.release(true);
      return false;
    }
    const isNew = client !== this.client;
    if (isNew) this.answer(client);
    await client.query('LISTEN wake_up');
    return isNew;
  }

  /** Notifies the watches whose news no query finds. */
  private notifyUnregistered(): void {
    const kinds = [...this.kinds.keys()];
    for (const topic of this.watches.topics())
      if (!kinds.some((kind) => topic.startsWith(kind))) this.watches.notify(topic);
  }

  private answer(client: PoolClient): void {
    this.client = client;
    client.on('notification', ({ payload }) => {
      if (payload) this.watches.notify(payload);
      else this.watches.notifyAll();
    });
    client.once('end', () => {
      if (client !== this.client) return;
      this.hangUp();
      this.jobs.nudge('notifier');
    });
  }

  private hangUp(): void {
    this.client?.release(true);
    this.client = undefined;
  }

  private async sendNotices(): Promise<void> {
    if (this.notified.size === 0) return;
    await pause(gatherMs);
    const topics = [...this.notified];
    this.notified.clear();
    await this.statements.run(send, { topics });
  }
}

@Global()
@Module({ providers: [Notifier], exports: [Notifier] })
export class NotifyModule {}
