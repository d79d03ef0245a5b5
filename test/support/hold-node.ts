/** Run as a process of its own: one node of the application on a given database, until it is killed. */
import 'reflect-metadata';
import { openNode } from './test-app';

async function hold(databaseUrl: string): Promise<void> {
  const { url } = await openNode({ url: databaseUrl }, { sandbox: true, allowPrivateTargets: true });
  process.stdout.write(`${url}\n`);
}

void hold(process.argv[2]!);
