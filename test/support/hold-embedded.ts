/** Run as a process of its own: starts or shares the embedded server, says so, and holds it until it is killed. */
import { startEmbeddedPostgres } from '../../src/platform/database/embedded';

async function hold(dataDir: string): Promise<void> {
  const { connection } = await startEmbeddedPostgres({ dataDir, durable: false });
  process.stdout.write(`${JSON.stringify(connection)}\n`);
  process.stdin.resume();
}

void hold(process.argv[2]!);
