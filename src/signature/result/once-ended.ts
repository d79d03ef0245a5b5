import { queueDelivery } from '../../messages/queue-delivery';
import { wakeUp } from '../../platform/wake/wake-up';
import { isOpenSignature } from '../signature.lifecycle';
import { endedTopic } from '../signature.topics';

/** The delivery channel of callbacks. */
export const callbackChannel = 'signature-callback';

const hasEnded = `NOT ${isOpenSignature}`;

/** What every statement that may end a transaction does besides: tell its caller, in one way or the other. */
export const onceEnded = {
  called: queueDelivery({
    channel: callbackChannel,
    from: 'moved',
    when: `${hasEnded} AND callback_url IS NOT NULL`,
  }),
  woken: wakeUp({ topic: endedTopic, from: 'moved', when: `${hasEnded} AND callback_url IS NULL` }),
};
