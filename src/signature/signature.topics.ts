/** Who watches for transactions: the devices of one user. SQL over a row with `tenant_id` and `user_id`, and the same here. */
export const offeredTopic = `'signature-offered ' || tenant_id || '/' || user_id`;
export const offeredTopicOf = (tenantId: string, userId: string) => `signature-offered ${tenantId}/${userId}`;

/** Who watches for the end of a transaction: its caller. SQL over the transaction's row, and the same here. */
export const endedTopic = `'signature-ended ' || tenant_id || '/' || id`;
export const endedTopicOf = (tenantId: string, id: string) => `signature-ended ${tenantId}/${id}`;
