import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { Agent, get, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { SignJWT } from 'jose';
import { accessToken, startBody, TestBackend } from '../test/support/signatures';
import { openGround } from './ground';
import { startServers } from './servers';

const devices = 2_000;
/** How many come at the same moment. */
const atOnce = 250;

/**
 * Lets devices wait on one process, starts a transaction for each, and prints what a waiting device costs and how long
 * after the start's answer it has its transaction.
 */
export async function measureWaitingDevices(): Promise<void> {
  const ground = await openGround();
  const servers = await startServers(ground);
  const agent = new Agent({ keepAlive: true, maxSockets: Infinity });
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { dataSource, tenant } = ground;

  const plant = async (): Promise<string[]> => {
    await dataSource.query(
      `INSERT INTO tenant_user (tenant_id, user_id) SELECT $1, n FROM generate_series(1, $2::int) AS n`,
      [tenant.id, devices],
    );
    // One key for all of them: what is measured is the waiting.
    const planted = await dataSource.query<{ id: string }[]>(
      `INSERT INTO device (tenant_id, user_id, public_jwk)
       SELECT $1, n::text, $3 FROM generate_series(1, $2::int) AS n RETURNING id::text`,
      [tenant.id, devices, JSON.stringify(publicKey.export({ format: 'jwk' }))],
    );
    return planted.map(({ id }) => id);
  };
  const fetchAs = async (deviceId: string): Promise<{ at: number; transactions: number }> => {
    const iat = Math.floor(Date.now() / 1000);
    const token = await new SignJWT({ sub: deviceId, iat, exp: iat + 120, jti: randomUUID() })
      .setProtectedHeader({ alg: 'ES256' })
      .sign(privateKey);
    const headers = { authorization: `Bearer ${token}` };
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      get(`${servers.rescind}/device/v1/signatures?wait=60`, { agent, headers }, resolve).on('error', reject);
    });
    const { data } = (await json(answer)) as { data: readonly object[] };
    return { at: performance.now(), transactions: data.length };
  };
  const allWait = async (count: number): Promise<void> => {
    let seen = 0;
    while (seen < count) {
      await pause(20);
      [{ seen }] = await dataSource.query<[{ seen: number }]>(
        'SELECT count(*)::int AS seen FROM device WHERE seen_at IS NOT NULL',
      );
    }
  };
  const residentMebibytes = (): number =>
    Number(execFileSync('ps', ['-o', 'rss=', '-p', String(servers.rescindPid)]).toString()) / 1024;

  try {
    const ids = await plant();
    const backend = new TestBackend(servers.rescind, tenant.id, await accessToken(servers.rescind, tenant));
    const idle = residentMebibytes();
    const answers: ReturnType<typeof fetchAs>[] = [];
    while (answers.length < devices) {
      answers.push(...ids.slice(answers.length, answers.length + atOnce).map(fetchAs));
      // What goes wrong with one is thrown where it is awaited.
      for (const answer of answers) answer.catch(() => undefined);
      await allWait(answers.length);
    }
    const mebibytes = residentMebibytes() - idle;

    const delaysMs: number[] = [];
    const begin = async (index: number): Promise<void> => {
      await backend.start(startBody(), String(index + 1)).expect(200);
      const startedAt = performance.now();
      const { at, transactions } = (await answers[index]) ?? { at: NaN, transactions: 0 };
      if (transactions !== 1) throw new Error(`device ${ids[index]} got ${transactions} transactions`);
      delaysMs.push(Math.max(0, at - startedAt));
    };
    for (let first = 0; first < devices; first += 32)
      await Promise.all(Array.from({ length: Math.min(32, devices - first) }, (_, index) => begin(first + index)));

    const sorted = delaysMs.toSorted((a, b) => a - b);
    const at = (share: number): string => (sorted[Math.floor(sorted.length * share)] ?? NaN).toFixed(0);
    console.log('| devices that wait | KiB each | delivery p50 (ms) | delivery p99 (ms) |');
    console.log('| ---: | ---: | ---: | ---: |');
    console.log(`| ${devices} | ${((mebibytes * 1024) / devices).toFixed(0)} | ${at(0.5)} | ${at(0.99)} |`);
  } finally {
    agent.destroy();
    await servers.stop();
    await ground.close();
  }
}
