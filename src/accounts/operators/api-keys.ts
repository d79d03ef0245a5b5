import { Injectable, Logger } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LRUCache } from 'lru-cache';
import { type Repository } from 'typeorm';
import { statement } from '../../platform/database/statement';
import { Statements } from '../../platform/database/statements';
import { outsideRequests } from '../../platform/observability/logger';
import { RecentCache } from '../recent-cache';
import { hashSecret, isOver, newSecret } from '../../platform/secrets/random-secret';
import { ApiKey } from './api-key.entity';
import { type Operator } from './operator';

/** What each key begins with, so that one that is found somewhere is known for what it is. */
const prefix = 'rescind_';

/** How exact the date of a key's last use is. */
const noteEveryMs = 60_000;

const noteUse = statement(
  'api-key-note-use',
  `UPDATE api_key SET last_used_at = clock_timestamp() WHERE id = :id
     AND (last_used_at IS NULL OR last_used_at < clock_timestamp() - make_interval(secs => ${noteEveryMs / 1000}))`,
);

/** The keys of machines, as every call asks for them. A deleted one serves for five more seconds at most (`RecentCache`). */
@Injectable()
export class ApiKeys {
  private readonly log = new Logger('ApiKeys');
  private readonly keys: RecentCache<ApiKey>;
  /** Whose use this node has noted within the last minute. */
  private readonly noted = new LRUCache<string, true>({ max: 10_000, ttl: noteEveryMs });

  constructor(
    @InjectRepository(ApiKey) table: Repository<ApiKey>,
    private readonly statements: Statements,
  ) {
    this.keys = new RecentCache(
      async (hash) => (await table.findOneBy({ hash: Buffer.from(hash, 'hex') })) ?? undefined,
    );
  }

  /** Too random to be guessed. */
  newKey(): string {
    return prefix + newSecret();
  }

  /** Whose key this is; undefined where it is none, or its time is over. */
  async operatorOf(key: string): Promise<Operator | undefined> {
    if (!key.startsWith(prefix)) return undefined;
    const found = await this.keys.get(hashSecret(key).toString('hex'));
    if (found === undefined || isOver(found)) return undefined;
    this.noteUse(found.id);
    const { name, role, tenants } = found;
    return { actor: `key:${name}`, name, role, tenants: tenants ?? 'all' };
  }

  /** After a change made on this node. */
  forget(): void {
    this.keys.forgetAll();
  }

  /** The call does not wait for it, nor fail with it. */
  private noteUse(id: string): void {
    if (this.noted.has(id)) return;
    this.noted.set(id, true);
    outsideRequests(() => this.statements.run(noteUse, { id })).catch((err: unknown) => {
      this.noted.delete(id);
      this.log.warn({ key: id, err }, 'The use of an API key could not be noted');
    });
  }
}
