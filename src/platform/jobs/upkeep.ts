import { makeWorkerUtils } from 'graphile-worker';
import { type Pool } from 'pg';

/**
 * Nothing that runs here takes nearly this long (a try of a delivery 20 s, housekeeping `inBatches` a minute), so a job
 * that is held longer is held by a node that died; and should it be done twice, that does no harm (`JobHandler`).
 * The queue itself would wait for four hours.
 */
const strandedAfter = '2 minutes';

/** Gives the jobs of nodes that died back to those that live. */
export async function freeStranded(pool: Pool): Promise<void> {
  await pool.query(
    `SELECT graphile_worker.force_unlock_workers(array_agg(DISTINCT locked_by)) FROM graphile_worker.jobs
     WHERE locked_at < clock_timestamp() - $1::interval HAVING count(*) > 0`,
    [strandedAfter],
  );
}

/** Deletes the jobs that have used up their tries; each failure has been logged. */
export async function clearAwayGivenUp(pool: Pool): Promise<void> {
  const utils = await makeWorkerUtils({ pgPool: pool });
  try {
    await utils.cleanup({ tasks: ['DELETE_PERMAFAILED_JOBS', 'GC_JOB_QUEUES'] });
  } finally {
    await utils.release();
  }
}
