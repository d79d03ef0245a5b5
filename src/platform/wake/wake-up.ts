/** Somebody to be woken, told in SQL; the expressions read the columns of `from`. */
export interface WakeUp {
  /** SQL of type text: those who watch this topic, on any node, are woken. */
  readonly topic: string;
  /** The CTE or table whose rows wake a topic each, such as `begun` or `moved`. */
  readonly from: string;
  readonly when?: string;
}

/** SQL that wakes once the transaction of the statement it is part of is committed (an `also` of a plan). */
export function wakeUp({ topic, from, when = 'true' }: WakeUp): string {
  return `INSERT INTO wake_up (topic) SELECT ${topic} FROM ${from} WHERE ${when}`;
}
