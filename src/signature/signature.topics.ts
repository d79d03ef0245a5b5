/** Two parts of a key, of which the first has no slash. */
interface Watched {
  readonly tenantIds: string[];
  readonly others: string[];
}

/** Who watches for transactions: the devices of one user. SQL over a row with `tenant_id` and `user_id`, and the same here. */
export const offered = 'signature-offered ';
export const offeredTopic = `'${offered}' || tenant_id || '/' || user_id`;
export const offeredTopicOf = (tenantId: string, userId: string) => `${offered}${tenantId}/${userId}`;

/** Who watches for the end of a transaction: its caller. SQL over the transaction's row, and the same here. */
export const ended = 'signature-ended ';
export const endedTopic = `'${ended}' || tenant_id || '/' || id`;
export const endedTopicOf = (tenantId: string, id: string) => `${ended}${tenantId}/${id}`;

/** The keys in topics of one kind, as columns. */
export function keysOf(kind: string, topics: readonly string[]): Watched {
  const keys = topics.map((topic) => topic.slice(kind.length));
  const slashes = keys.map((key) => key.indexOf('/'));
  return {
    tenantIds: keys.map((key, index) => key.slice(0, slashes[index])),
    others: keys.map((key, index) => key.slice((slashes[index] ?? 0) + 1)),
  };
}
