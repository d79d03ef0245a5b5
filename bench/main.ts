import { measureWaitingDevices } from './devices';
import { openGround } from './ground';
import { measure } from './load';
import { scenarios } from './scenarios';
import { measureSearch } from './search';
import { startServers } from './servers';

const rounds = 5;
const callsPerRound = 4_000;

/**
 * Cancels fresh approvals on Rescind and on the floor (bare node:http, pg and crypto.verify doing the same SQL),
 * by turns in one run, and prints what share of the floor Rescind reaches. Ratios only: absolute numbers are
 * the machine's.
 */
async function measureCancels(): Promise<void> {
  const ground = await openGround();
  const servers = await startServers(ground);
  try {
    console.log(`${rounds} rounds of ${callsPerRound} cancels each, 32 connections, on Node ${process.version}\n`);
    console.log('| cancel | floor (calls/s) | Rescind (calls/s) | Rescind / floor |');
    console.log('| --- | ---: | ---: | ---: |');
    for (const scenario of scenarios) {
      const rates: Record<'floor' | 'rescind', number[]> = { floor: [], rescind: [] };
      for (let round = 0; round <= rounds; round += 1)
        for (const side of ['floor', 'rescind'] as const) {
          const calls = await scenario.prepare(ground, callsPerRound, servers.rescind);
          const rate = await measure(servers[side], calls);
          // The first round warms both up.
          if (round > 0) rates[side].push(rate);
        }
      const [floor, rescind] = [median(rates.floor), median(rates.rescind)];
      console.log(
        `| ${scenario.name} | ${floor.toFixed(0)} | ${rescind.toFixed(0)} | ${(rescind / floor).toFixed(2)} |`,
      );
    }
  } finally {
    await servers.stop();
    await ground.close();
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

const [, , name, count = '1000000'] = process.argv;

if (name === 'devices') void measureWaitingDevices();
else if (name === 'search') void measureSearch(Number(count));
else void measureCancels();
