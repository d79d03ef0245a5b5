import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type Ground } from './ground';

export interface Servers {
  readonly floor: string;
  readonly rescind: string;
  readonly rescindPid: number;
  stop(): Promise<void>;
}

const ports = { floor: 3901, rescind: 3902 };
const url = (port: number): string => `http://127.0.0.1:${port}`;

/**
 * Starts Rescind as it is started in production, and the floor, each a process of its own.
 * @param settings Rescind's, besides those that it needs
 */
export async function startServers(ground: Ground, settings: Readonly<Record<string, string>> = {}): Promise<Servers> {
  const shared = { ...process.env, DATABASE_URL: ground.url, TRUST_PROXY: 'loopback', LOG_LEVEL: 'warn' };
  const rescind = spawn(process.execPath, ['dist/main.js'], {
    env: {
      ...shared,
      ...settings,
      NODE_ENV: 'production',
      PORT: String(ports.rescind),
      PUBLIC_URL: url(ports.rescind),
      ALLOW_HTTP: 'public-url',
      MASTER_KEY: createHash('sha256').update('bench').digest('base64'),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const floor = spawn(process.execPath, ['-r', '@swc-node/register', 'bench/floor/main.ts'], {
    env: { ...shared, PORT: String(ports.floor) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await Promise.all([untilReady(rescind), untilReady(floor)]);
  return {
    floor: url(ports.floor),
    rescind: url(ports.rescind),
    rescindPid: rescind.pid ?? 0,
    stop: async () => {
      const gone = [once(rescind, 'exit'), once(floor, 'exit')];
      rescind.kill();
      floor.kill();
      await Promise.all(gone);
    },
  };
}

function untilReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      if (chunk.includes('ready')) resolve();
    });
    child.once('exit', (code) => {
      reject(new Error(`a server ended with ${code} before it was ready`));
    });
  });
}
