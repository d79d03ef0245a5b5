import { DeliveryFailed } from './delivery-channel';
import { type Message, type MessageMethod, Messenger } from './messenger';

/** Hands each message to whoever carries its kind. */
export class MessageRouter extends Messenger {
  constructor(private readonly carriers: Readonly<Record<MessageMethod, Messenger | undefined>>) {
    super();
  }

  async send(message: Message, late: AbortSignal): Promise<void> {
    const carrier = this.carriers[message.method];
    if (carrier === undefined) throw new DeliveryFailed(`This server is not set up to send ${message.method}`);
    await carrier.send(message, late);
  }
}
