import './node-version';
import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import {
  checkCheckpoints,
  InvalidEvidence,
  readCheckpoints,
  HistoryFault,
  verifyHistory,
} from './approvals/verification/verify-history';
import { HistoryReader } from './approvals/verification/history-reader';

const usage = `npm run verify-history -- --database URL --checkpoints FILE --key FILE

Holds history and audit in a database against signed checkpoints, and names the first row that was changed, removed or added.
  --database     a PostgreSQL URL; a role that may only read will do
  --checkpoints  lines of JSON: what CHECKPOINT_URL was sent, answers of GET /admin/v1/history/checkpoints, or a log
  --key          the answer of GET /admin/v1/history/checkpoints/key
Exit code: 0 all is as it was signed, 1 it is not, 2 it cannot be verified.`;

/** `npm run verify-history`: needs no setting of the server, and no secret. */
async function main(): Promise<void> {
  const { database, ...files } = readArguments();
  const checkpoints = readCheckpoints(await readFile(files.checkpoints, 'utf8'));
  checkCheckpoints(checkpoints, await readKey(files.key));
  const client = new Client({ connectionString: database });
  // A lost connection fails the query under way, which reports it.
  client.on('error', () => undefined);
  await client.connect();
  const reader = new HistoryReader(client);
  const verified = await reader.atOneMoment(() => verifyHistory(reader, checkpoints)).finally(() => client.end());
  const { covered, newer } = verified;
  const last = checkpoints.at(-1);
  process.stdout.write(
    `${covered} rows of history and audit are as checkpoint ${last?.number} of ${last?.at} has signed them.\n`,
  );
  process.stdout.write(`${newer} newer rows are in no checkpoint of the file.\n`);
}

function readArguments(): { database: string; checkpoints: string; key: string } {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { database: text, checkpoints: text, key: text } });
  const { database, checkpoints, key } = values;
  if (database === undefined || checkpoints === undefined || key === undefined) throw new InvalidEvidence(usage);
  return { database, checkpoints, key };
}

async function readKey(file: string): Promise<KeyObject> {
  const text = await readFile(file, 'utf8');
  try {
    return createPublicKey({ key: JSON.parse(text) as JsonWebKey, format: 'jwk' });
  } catch {
    throw new InvalidEvidence(`${file} does not hold a public key as a JWK`);
  }
}

main().catch((error: unknown) => {
  const isFault = error instanceof HistoryFault;
  process.stderr.write(`${isFault || error instanceof InvalidEvidence ? error.message : String(error)}\n`);
  process.exitCode = isFault ? 1 : 2;
});
