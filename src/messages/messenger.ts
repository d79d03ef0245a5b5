/** The ways a person can be written to. */
export type MessageMethod = 'email' | 'sms';

/** A message to one person. What it says is secret. */
export interface Message {
  /** The delivery's: the same over all tries, so that a repetition can be told. */
  readonly id: string;
  /** What it is about. */
  readonly approvalId: string;
  readonly method: MessageMethod;
  /** An e-mail address, or a telephone number in E.164. */
  readonly recipient: string;
  readonly subject: string;
  readonly text: string;
  /** The one-time code that the text holds. */
  readonly code: string;
}

/** Brings messages to people; one try. */
export abstract class Messenger {
  /**
   * @param late aborted when it may not be sent any more
   * @throws DeliveryFailed when it was not taken; the message of that error holds nothing of this one
   */
  abstract send(message: Message, late: AbortSignal): Promise<void>;
}
