import { type DataSource, type EntityManager } from 'typeorm';

/** Tables that take new rows only, as long as their trigger is on. */
const appendOnly = ['history', 'audit', 'history_leaf', 'history_subtree', 'history_checkpoint'];

/** Does what only the tables' owner can: changes and removes rows of tables that are append-only. */
export async function asOwner(
  dataSource: DataSource,
  forge: (manager: EntityManager) => Promise<unknown>,
): Promise<void> {
  await dataSource.transaction(async (manager) => {
    for (const table of appendOnly) await manager.query(`ALTER TABLE ${table} DISABLE TRIGGER ${table}_append_only`);
    await forge(manager);
    for (const table of appendOnly) await manager.query(`ALTER TABLE ${table} ENABLE TRIGGER ${table}_append_only`);
  });
}
