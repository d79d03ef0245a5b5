import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A server as it is really started: `main.ts` in a process of its own. */
export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  /** Everything it has written so far, to standard output and error. */
  output(): string;
  /** Asks it to stop. */
  terminate(): void;
  /** Ends it without asking (SIGKILL). */
  kill(): void;
  /** Resolves to its exit code once it has ended, null where a signal ended it. */
  readonly ended: Promise<number | null>;
}

const root = join(__dirname, '../..');

/** Starts a server on any free port; resolves when it says that it is ready. */
export async function startServer(environment: Record<string, string>): Promise<ServerProcess> {
  const child = spawn(process.execPath, ['-r', '@swc-node/register', 'src/main.ts'], {
    cwd: root,
    env: { PATH: process.env.PATH, PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const url = await Promise.race([readyLine(child), ended.then(() => Promise.reject(new Error(output)))]);
  return {
    url,
    pid: child.pid!,
    output: () => output,
    terminate: () => child.kill('SIGTERM'),
    kill: () => child.kill('SIGKILL'),
    ended,
  };
}

function readyLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    let seen = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      seen += chunk.toString();
      const url = /^Rescind is ready at (\S+)$/m.exec(seen)?.[1];
      if (url !== undefined) resolve(url);
    });
  });
}
