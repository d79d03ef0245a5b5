/** What the columns of beginning and end are filled with, of approvals that are there. */
interface Ends {
  /** The states that a recall does not lead out of. */
  readonly ended: readonly string[];
  /** SQL: when time ended one. */
  readonly timedOutAt: string;
}

/** SQL: has a table of approvals say when and by whom each began and ended, as their history does. */
export const addBeginAndEnd = (table: string, { ended, timedOutAt }: Ends): string => `
  ALTER TABLE ${table}
    ADD COLUMN begun_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN begun_by text NOT NULL DEFAULT '',
    ADD COLUMN IF NOT EXISTS ended_at timestamptz,
    ADD COLUMN ended_by text;
  UPDATE ${table} SET begun_at = first.at, begun_by = first.actor,
    ended_at = CASE WHEN status IN (${ended.map((state) => `'${state}'`).join(', ')})
      THEN COALESCE(ended_at, CASE last.move WHEN 'lapse' THEN ${timedOutAt} ELSE last.at END) END,
    ended_by = CASE WHEN status IN (${ended.map((state) => `'${state}'`).join(', ')})
      THEN CASE last.move WHEN 'lapse' THEN 'clock' ELSE last.actor END END
  FROM history AS first, history AS last
  WHERE (first.tenant_id, first.approval, first.kind, first.seq) = (${table}.tenant_id, ${table}.id, '${table}', 1)
    AND (last.tenant_id, last.approval, last.kind, last.seq) = (${table}.tenant_id, ${table}.id, '${table}', ${table}.revision)`;

export const dropBeginAndEnd = (table: string): string =>
  `ALTER TABLE ${table} DROP COLUMN begun_at, DROP COLUMN begun_by, DROP COLUMN ended_at, DROP COLUMN ended_by`;
