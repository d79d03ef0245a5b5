import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type TestDatabase } from './database';

/** A node in a process of its own, which can be killed like any other. */
export interface NodeProcess {
  readonly url: string;
  /** Without a chance to finish anything. */
  kill(): Promise<void>;
}

export async function startNodeProcess({ url }: TestDatabase): Promise<NodeProcess> {
  const parameters = ['-r', '@swc-node/register', join(__dirname, 'hold-node.ts'), url];
  const child: ChildProcess = spawn(process.execPath, parameters, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout!, 'data')) as [Buffer];
  return {
    url: line.toString().trim(),
    kill: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}
