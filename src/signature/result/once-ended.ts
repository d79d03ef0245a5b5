import { deliveryLoop, queueDelivery } from '../../messages/queue-delivery';
import { isOpenSignature } from '../signature.lifecycle';
import { endedTopic } from '../signature.topics';

/** The delivery channel of callbacks. */
export const callbackChannel = 'signature-callback';

const hasEnded = `NOT ${isOpenSignature}`;

/** What every plan that may end a transaction says besides: its caller is told, in one way or the other. */
export const onceEnded = {
  also: {
    called: queueDelivery({
      channel: callbackChannel,
      from: 'moved',
      when: `${hasEnded} AND callback_url IS NOT NULL`,
    }),
  },
  nudges: deliveryLoop,
  notifies: `CASE WHEN ${hasEnded} AND callback_url IS NULL THEN ${endedTopic} END`,
} as const;
