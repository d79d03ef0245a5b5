/** A job to be done at some time, told in SQL; the expressions read the columns of `from`. */
export interface QueuedJob {
  /** A registered name, see `Jobs.register`. */
  readonly name: string;
  /** The CTE or table whose rows get a job each, such as `begun` or `moved`. */
  readonly from: string;
  /** SQL of type json: what the handler is told. Names and ids, no secrets. */
  readonly payload: string;
  /** SQL of type timestamptz by the database's own clock; absent: at once. */
  readonly runAt?: string;
  /** SQL of type text: a waiting job of the same key is replaced. */
  readonly key?: string;
  readonly when?: string;
}

/** SQL that queues one job a row, in the transaction of the statement it is part of (an `also` of a plan). */
export function queueJob({ name, from, payload, runAt = 'NULL', key = 'NULL', when = 'true' }: QueuedJob): string {
  return `INSERT INTO queued_job (name, payload, run_at, key)
  SELECT '${name}', ${payload}, ${runAt}, ${key} FROM ${from} WHERE ${when}`;
}
