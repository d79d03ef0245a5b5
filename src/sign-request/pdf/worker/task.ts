import { inspect, type Inspection } from '../inspection';
import type { SignLocation } from '../pages/placement';

/** What a worker can be asked for; the bytes are handed over, not shared. */
export interface Task {
  readonly kind: 'inspect';
  readonly bytes: Uint8Array;
  readonly locations: readonly SignLocation[];
}

export type TaskResult = Inspection;

export function perform(task: Task): TaskResult {
  return inspect(Buffer.from(task.bytes.buffer, task.bytes.byteOffset, task.bytes.byteLength), task.locations);
}
