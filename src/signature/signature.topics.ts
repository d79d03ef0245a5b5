import { deliveryLoop, queueDelivery } from '../messages/delivery';
import { isOpenSignature } from './signature.lifecycle';

/** The keys of topics in two columns; a tenant id has no slash. */
interface Watched {
  readonly tenantIds: string[];
  readonly others: string[];
}

/** Topic of new transactions, for which a user's devices wait: as SQL over a row with `tenant_id` and `user_id`, and as a function. */
export const offered = 'signature-offered ';
export const offeredTopic = `'${offered}' || tenant_id || '/' || user_id`;
export const offeredTopicOf = (tenantId: string, userId: string) => `${offered}${tenantId}/${userId}`;

/** Topic of a transaction's end, for which its caller waits: as SQL over the transaction's row, and as a function. */
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

/** The delivery channel of callbacks. */
export const callbackChannel = 'signature-callback';

const hasEnded = `NOT ${isOpenSignature}`;

/** Part of every plan that may end a transaction: queues the callback, or notifies the waiting caller. */
export const onceEnded = {
  also: {
    queued: queueDelivery({
      channel: callbackChannel,
      from: 'moved',
      when: `${hasEnded} AND callback_url IS NOT NULL`,
    }),
  },
  nudges: deliveryLoop,
  notifies: `CASE WHEN ${hasEnded} AND callback_url IS NULL THEN ${endedTopic} END`,
} as const;
