import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { type Readable } from 'node:stream';
import { type TestDatabase } from './database';

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

type Child = ChildProcessByStdio<null, Readable, Readable>;

/** The least that a production start needs, with a master key of its own. */
export const productionEnvironment = ({ url }: Pick<TestDatabase, 'url'>): Record<string, string> => ({
  NODE_ENV: 'production',
  DATABASE_URL: url,
  MASTER_KEY: randomBytes(32).toString('base64'),
  PUBLIC_URL: 'https://sign.example.com',
});

/** Starts a server on any free port; resolves when it says that it is ready, and rejects with its output when it ends. */
export async function startServer(environment: Record<string, string>): Promise<ServerProcess> {
  const { child, output, ended } = run('src/main.ts', environment);
  const url = await Promise.race([readyLine(child), ended.then(() => Promise.reject(new Error(output())))]);
  return {
    url,
    pid: child.pid!,
    output,
    terminate: () => child.kill('SIGTERM'),
    kill: () => child.kill('SIGKILL'),
    ended,
  };
}

/** Runs a command of ours until it ends by itself. */
export async function runToEnd(
  script: string,
  environment: Record<string, string>,
  parameters: readonly string[] = [],
): Promise<{ code: number | null; output: string }> {
  const { output, ended } = run(script, environment, parameters);
  const code = await ended;
  return { code, output: output() };
}

function run(
  script: string,
  environment: Record<string, string>,
  parameters: readonly string[] = [],
): { child: Child; output: () => string; ended: Promise<number | null> } {
  const child = spawn(process.execPath, ['-r', '@swc-node/register', script, ...parameters], {
    cwd: root,
    env: { PATH: process.env.PATH, PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return { child, output: () => output, ended };
}

function readyLine(child: Child): Promise<string> {
  return new Promise((resolve) => {
    let seen = '';
    child.stdout.on('data', (chunk: Buffer) => {
      seen += chunk.toString();
      const url = /^Rescind is ready at (\S+)$/m.exec(seen)?.[1];
      if (url !== undefined) resolve(url);
    });
  });
}
