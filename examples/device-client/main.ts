/** A device in a terminal: enrols itself, waits for transactions, asks its user, and signs. See README.md. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { Device, enrol, type Enrolment, type Offer } from './device';

const url = (process.env.RESCIND_URL ?? 'http://localhost:3000').replace(/\/+$/, '');
const keptIn = process.env.DEVICE_FILE ?? '.data/device.json';
const waitSeconds = 25;
const afterFailureMs = 2_000;

async function main([command, argument]: readonly string[]): Promise<void> {
  if (command === 'enrol' && argument !== undefined) return enrolHere(argument);
  if (command === 'run') return run();
  throw new Error('Usage: main.ts enrol <activation code> | main.ts run');
}

async function enrolHere(activationCode: string): Promise<void> {
  const enrolment = await enrol(url, activationCode, 'Example device');
  await mkdir(dirname(keptIn), { recursive: true });
  await writeFile(keptIn, JSON.stringify(enrolment), { mode: 0o600 });
  process.stdout.write(`This is device ${enrolment.deviceId} now; its key is in ${keptIn}.\n`);
}

/** Goes on until it is stopped. After a broken call it asks without waiting: an answer may have been lost on its way. */
async function run(): Promise<void> {
  const device = new Device(url, JSON.parse(await readFile(keptIn, 'utf8')) as Enrolment);
  process.stdout.write('Waiting for transactions …\n');
  const asked = new Set<string>();
  let wait = 0;
  for (;;) {
    try {
      const offers = await device.fetch(wait);
      wait = waitSeconds;
      for (const offer of offers.filter(({ transactionId }) => !asked.has(transactionId))) {
        asked.add(offer.transactionId);
        await decide(device, offer);
      }
    } catch (error) {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      wait = 0;
      await pause(afterFailureMs);
    }
  }
}

async function decide(device: Device, offer: Offer): Promise<void> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const question = `\n${offer.signatureMessage}\n(${offer.transactionId}, until ${offer.expiresAt}) Sign? [y/n] `;
  const answer = await terminal.question(question);
  terminal.close();
  const confirms = answer.trim().toLowerCase().startsWith('y');
  await (confirms ? device.confirm(offer) : device.reject(offer));
  process.stdout.write(confirms ? 'Signed.\n' : 'Rejected.\n');
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
