import { statement, type Statement } from '../database/statement';
import { type Statements } from '../database/statements';
import { type Round } from './background-loop';

/** When a job is due: each `everySeconds`, counted from so many seconds after midnight UTC. */
interface Recurrence {
  readonly everySeconds: number;
  readonly offsetSeconds: number;
}

interface RecurringJob extends Recurrence {
  readonly name: string;
  /** Handles at most `size` rows, and answers how many it found. */
  readonly batch: (size: number) => Promise<number>;
  readonly batchSize: number;
}

/** Nothing here runs so long (`inBatches` ends after a minute); then the node that took the job is taken for dead. */
const leaseSeconds = 120;

const next = `to_timestamp((floor((extract(epoch FROM clock_timestamp()) - :offsetSeconds::int) / :everySeconds::int) + 1)
  * :everySeconds::int + :offsetSeconds::int)`;

const plan = statement(
  'recurring-job-plan',
  `INSERT INTO recurring_job (name, due_at) VALUES (:name, ${next}) ON CONFLICT DO NOTHING`,
);

const take = statement(
  'recurring-job-take',
  `UPDATE recurring_job SET due_at = clock_timestamp() + make_interval(secs => ${leaseSeconds})
   WHERE name = (
     SELECT name FROM recurring_job WHERE name = ANY(:names::text[]) AND due_at <= clock_timestamp()
     ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED
   ) RETURNING name`,
);

const done = statement('recurring-job-done', `UPDATE recurring_job SET due_at = ${next} WHERE name = :name`);

/** Housekeeping that one of the nodes does when it is due. A job that fails, or whose node dies, is due again when its lease ends. */
export class RecurringJobs {
  private readonly jobs = new Map<string, RecurringJob>();
  private isPlanned = false;

  constructor(private readonly statements: Statements) {}

  add(job: RecurringJob): void {
    if (this.jobs.has(job.name)) throw new Error(`There are two recurring jobs named ${job.name}`);
    this.jobs.set(job.name, job);
  }

  /** Does all that is due. */
  async run({ signal, progress }: Round): Promise<void> {
    if (!this.isPlanned) await this.plan();
    for (let job = await this.take(); job !== undefined; job = signal.aborted ? undefined : await this.take()) {
      await inBatches(job.batch, job.batchSize, progress);
      const { name, everySeconds, offsetSeconds } = job;
      await this.statements.run(done, { name, everySeconds, offsetSeconds });
      progress();
    }
  }

  private async plan(): Promise<void> {
    for (const { name, everySeconds, offsetSeconds } of this.jobs.values())
      await this.statements.run(plan, { name, everySeconds, offsetSeconds });
    this.isPlanned = true;
  }

  private async take(): Promise<RecurringJob | undefined> {
    const [taken] = await this.statements.run<{ name: string }>(take, { names: [...this.jobs.keys()] });
    return taken && this.jobs.get(taken.name);
  }
}

/** How long one run may take, in milliseconds: half of what a job may be held (`RecurringJobs`). */
const atMostMs = 60_000;

/**
 * Housekeeping in small transactions: `batch` is done again until it finds less than `size`, for a minute at most;
 * the rest is for the next run.
 * @param batch handles at most `size` rows and answers how many it found
 * @param progress called after each batch
 */
export async function inBatches(
  batch: (size: number) => Promise<number>,
  size: number,
  progress: () => void,
): Promise<void> {
  const end = performance.now() + atMostMs;
  while ((await batch(size)) === size && performance.now() < end) progress();
}

/**
 * SQL that deletes at most `:size` rows of a table, and answers one row for each: those in which the time in `column` is
 * past, for `keptDays` where that is said. For `inBatches`; rows that another transaction has locked are left for the next time.
 *
 * An index on `column` finds them. It can be asked for the time when the statement began, but not for `clock_timestamp()`,
 * which is another for each row.
 */
export function clearing(name: string, table: string, column: string, keptDays = 0): Statement {
  const over = `${column} <= statement_timestamp() - interval '${keptDays} days'`;
  return statement(
    name,
    `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
       SELECT ctid FROM ${table} WHERE ${over} ORDER BY ${column} LIMIT :size FOR UPDATE SKIP LOCKED))
     RETURNING 1`,
  );
}
