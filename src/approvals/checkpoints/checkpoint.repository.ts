import { Injectable } from '@nestjs/common';
import { type ClientBase } from 'pg';
import { statement } from '../../platform/database/statement';
import { Statements } from '../../platform/database/statements';
import { type Checkpoint } from './checkpoint';

/** How far the count of history's rows has come. */
export interface Count {
  /** Every row from before this instant has its number. */
  readonly countedUntil: Date;
  /** The last checkpoint that the receiver has taken. */
  readonly posted: number;
}

export interface KeptKey {
  readonly kid: string;
  readonly publicJwk: object;
  readonly privateSealed: Buffer;
}

/** How far a row's `at` may lie behind the clock of the transaction that is looked for, in seconds. */
const slackSeconds = 60;

const columns = `number::float8, size::float8, encode(root, 'hex') AS root, at,
  complete_until AS "completeUntil", encode(previous_hash, 'hex') AS "previousHash", kid, signature`;

const hold = statement(
  'history-count-hold',
  `SELECT counted_until AS "countedUntil", posted::float8 FROM history_count FOR UPDATE SKIP LOCKED`,
);
const settle = statement('history-count-settle', 'UPDATE history_count SET counted_until = :countedUntil');
const posted = statement('history-count-posted', 'UPDATE history_count SET posted = GREATEST(posted, :number::bigint)');
const peek = statement('history-count-peek', 'SELECT posted::float8 FROM history_count');

/** A transaction that has written has an id; when it reads the clock for a row it has begun already. */
const instants = statement(
  'history-count-instants',
  `SELECT date_trunc('milliseconds', clock_timestamp()) AS now,
     date_trunc('milliseconds', LEAST(clock_timestamp(), (
       SELECT min(xact_start) FROM pg_stat_activity
       WHERE datname = current_database() AND backend_xid IS NOT NULL AND pid <> pg_backend_pid()
     )) - make_interval(secs => ${slackSeconds})) AS settled`,
);

/** Rows of history and of audit, in the order of time, and so of each chain, save for what a longer transaction committed late. */
const count = statement(
  'history-count-rows',
  `INSERT INTO history_leaf (number, tenant_id, kind, approval, seq, at, hash)
   SELECT (SELECT COALESCE(max(number) + 1, 0) FROM history_leaf) - 1
       + row_number() OVER (ORDER BY at, tenant_id, kind, approval, seq),
     tenant_id, kind, approval, seq, at,
     sha256('\\x00'::bytea || convert_to(kind || E'\\n' || encode(hash, 'hex'), 'UTF8'))
   FROM (
     SELECT * FROM history_and_audit AS written WHERE at >= :since AND NOT EXISTS (
       SELECT FROM history_leaf AS leaf WHERE leaf.at >= :since AND leaf.approval = written.approval
         AND leaf.seq = written.seq AND leaf.kind = written.kind AND leaf.tenant_id = written.tenant_id
     ) ORDER BY at, tenant_id, kind, approval, seq LIMIT :size
   ) AS uncounted`,
);

const list = statement(
  'checkpoint-list',
  `SELECT ${columns} FROM history_checkpoint WHERE number > :after ORDER BY number LIMIT :limit`,
);
const find = statement('checkpoint-find', `SELECT ${columns} FROM history_checkpoint WHERE number = :number`);
const last = statement('checkpoint-last', `SELECT ${columns} FROM history_checkpoint ORDER BY number DESC LIMIT 1`);
const add = statement(
  'checkpoint-add',
  `INSERT INTO history_checkpoint (number, size, root, at, complete_until, previous_hash, kid, signature)
   VALUES (:number, :size, decode(:root, 'hex'), :at, :completeUntil, decode(:previousHash, 'hex'), :kid, :signature)`,
);

const key = statement(
  'checkpoint-key-find',
  'SELECT kid, public_jwk AS "publicJwk", private_sealed AS "privateSealed" FROM checkpoint_key',
);
const keep = statement(
  'checkpoint-key-keep',
  `INSERT INTO checkpoint_key (kid, public_jwk, private_sealed) VALUES (:kid, :publicJwk, :privateSealed)
   ON CONFLICT DO NOTHING`,
);

type Row = Omit<Checkpoint, 'at' | 'completeUntil' | 'signature'> & {
  readonly at: Date;
  readonly completeUntil: Date | null;
  readonly signature: Buffer;
};

const toCheckpoint = ({ number, size, root, at, completeUntil, previousHash, kid, signature }: Row): Checkpoint => ({
  number,
  size,
  root,
  at: at.toISOString(),
  completeUntil: completeUntil?.toISOString() ?? null,
  previousHash,
  kid,
  signature: signature.toString('base64url'),
});

/** The count of history's rows, and the checkpoints. */
@Injectable()
export class CheckpointRepository {
  constructor(private readonly statements: Statements) {}

  /** Of several nodes one gets the count, until its transaction ends. */
  async hold(client: ClientBase): Promise<Count | undefined> {
    const [held] = await this.statements.run<Count>(hold, {}, client);
    return held;
  }

  /** The database's clock; and the instant from before which no transaction can still commit a row. */
  async instants(client: ClientBase): Promise<{ now: Date; settled: Date }> {
    const [read] = await this.statements.run<{ now: Date; settled: Date }>(instants, {}, client);
    if (read === undefined) throw new Error('The database does not tell the time');
    return read;
  }

  /** Gives the next numbers to rows from `since` on that have none, the oldest first, `size` at most. */
  async count(since: Date, size: number, client: ClientBase): Promise<void> {
    await this.statements.run(count, { since, size }, client);
  }

  async settle(countedUntil: Date, client: ClientBase): Promise<void> {
    await this.statements.run(settle, { countedUntil }, client);
  }

  async add({ at, completeUntil, signature, ...rest }: Checkpoint, client: ClientBase): Promise<void> {
    const bytes = Buffer.from(signature, 'base64url');
    await this.statements.run(add, { ...rest, at, completeUntil, signature: bytes }, client);
  }

  async last(client?: ClientBase): Promise<Checkpoint | undefined> {
    return (await this.statements.run<Row>(last, {}, client)).map(toCheckpoint)[0];
  }

  async find(number: number): Promise<Checkpoint | undefined> {
    return (await this.statements.run<Row>(find, { number })).map(toCheckpoint)[0];
  }

  /** In their order, after the number `after`. */
  async list(after: number, limit: number): Promise<Checkpoint[]> {
    return (await this.statements.run<Row>(list, { after, limit })).map(toCheckpoint);
  }

  /** The last checkpoint that the receiver has taken; 0 before the first. */
  async posted(): Promise<number> {
    return (await this.statements.run<{ posted: number }>(peek, {}))[0]?.posted ?? 0;
  }

  async setPosted(number: number): Promise<void> {
    await this.statements.run(posted, { number });
  }

  async key(): Promise<KeptKey | undefined> {
    return (await this.statements.run<KeptKey>(key, {}))[0];
  }

  /** Keeps a key where there is none. @returns the one that is kept */
  async keep(made: KeptKey): Promise<KeptKey> {
    await this.statements.run(keep, { ...made });
    return (await this.key()) ?? made;
  }
}
