import { type DataSource } from 'typeorm';

/** All that is stored of an approval: its row, its history, what it has stored besides, and what is to be delivered. */
export interface Traces {
  readonly row: object;
  readonly history: readonly object[];
  readonly documents: readonly object[];
  readonly deliveries: readonly object[];
}

/** @param table the approval's kind */
export async function tracesOf({ manager }: DataSource, table: string, id: string): Promise<Traces> {
  const [row] = await manager.query<object[]>(`SELECT * FROM ${table} WHERE id = $1`, [id]);
  return {
    row: row!,
    history: await manager.query('SELECT * FROM history WHERE approval = $1 AND kind = $2 ORDER BY seq', [id, table]),
    documents: await manager.query(
      'SELECT version, md5(bytes) FROM sign_document WHERE sign_request_id = $1 ORDER BY version',
      [id],
    ),
    // How each goes on is not the approval's.
    deliveries: await manager.query('SELECT id, channel FROM delivery WHERE approval_id = $1 ORDER BY created_at', [
      id,
    ]),
  };
}
