import { attempt } from '../fault';
import { inspect } from '../signable';
import { prepare } from '../preparation';

/** What a thread can do with a document. */
const operations = {
  inspect,
  prepare: (...parameters: Parameters<typeof prepare>) => attempt(() => prepare(...parameters)),
};

export type Operation = keyof typeof operations;

type WithoutBytes<T extends unknown[]> = T extends [Buffer, ...infer Others] ? Others : never;

export interface Task<O extends Operation = Operation> {
  readonly operation: O;
  readonly bytes: Uint8Array;
  /** What the operation takes besides the bytes. */
  readonly parameters: WithoutBytes<Parameters<(typeof operations)[O]>>;
}

export type TaskResult<O extends Operation> = ReturnType<(typeof operations)[O]>;

/** What the pool calls in its threads. */
export default function perform<O extends Operation>({ operation, bytes, parameters }: Task<O>): TaskResult<O> {
  const operate = operations[operation] as (bytes: Buffer, ...parameters: unknown[]) => TaskResult<O>;
  return operate(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), ...parameters);
}
