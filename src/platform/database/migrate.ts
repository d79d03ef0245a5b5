import { type ClientBase } from 'pg';
import { createDataSource, type DatabaseTarget, type Schema } from './data-source';
import { poolOf } from './pool';

/** Any number will do that nothing else locks in this database. */
const migrationLock = 7_375_636_900;

const oldestSupported = 13;

/**
 * Brings the database's schema up to date. Any number of nodes may do so
 * at once, also on an empty database: they take turns, and the later ones find nothing left to do.
 *
 * @throws Error when the server is older than PostgreSQL 13, or a migration fails (it is then rolled back)
 */
export async function migrate(target: DatabaseTarget, schema: Schema): Promise<void> {
  // One connection holds the lock, another one migrates. Neither is bounded: a migration, or another node's, takes time.
  const dataSource = await createDataSource(target, { ...schema, poolSize: 2 }, null).initialize();
  try {
    const pool = poolOf(dataSource);
    const session = await pool.connect();
    try {
      await refuseOldServer(session);
      await session.query('SELECT pg_advisory_lock($1)', [migrationLock]);
      await dataSource.runMigrations();
    } finally {
      // Closing the session, not returning it to the pool, gives the lock back whatever has happened.
      session.release(true);
    }
  } finally {
    await dataSource.destroy();
  }
}

async function refuseOldServer(session: ClientBase): Promise<void> {
  const { rows } = await session.query<{ version: string }>(`SELECT current_setting('server_version_num') AS version`);
  requireSupportedVersion(Number(rows[0]?.version));
}

/**
 * @param versionNumber PostgreSQL's `server_version_num`: 130004 is 13.4
 * @throws Error when that is older than PostgreSQL 13
 */
export function requireSupportedVersion(versionNumber: number): void {
  const major = Math.floor(versionNumber / 10_000);
  if (major >= oldestSupported) return;
  throw new Error(`This is PostgreSQL ${major}; ${oldestSupported} or newer is needed.`);
}
