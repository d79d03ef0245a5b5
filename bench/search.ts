import { randomBytes, randomInt } from 'node:crypto';
import { Agent, get, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { Client } from 'pg';
import { personCount, personHash, plantMany } from '../test/support/many-approvals';
import { openGround } from './ground';
import { startServers } from './servers';

const calls = 4_000;
const connections = [1, 8] as const;

/** Finds the open approvals of one person after another among many of all kinds, and prints how long a call takes. */
export async function measureSearch(count: number): Promise<void> {
  const ground = await openGround();
  const token = randomBytes(32).toString('hex');
  const throttles = { THROTTLE_ADMIN_PER_ADDRESS: '1000000', THROTTLE_ADMIN_PER_NAME: '1000000' };
  const servers = await startServers(ground, { ADMIN_TOKEN: token, ...throttles });
  const ofEach = Math.ceil(count / 3);
  const persons = personCount(ofEach);

  const find = async (agent: Agent): Promise<number> => {
    const query = new URLSearchParams({
      tenant: ground.tenant.id,
      userId: `person-${randomInt(persons)}`,
      state: 'open',
    });
    const startedAt = performance.now();
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}` };
      get(`${servers.rescind}/admin/v1/approvals?${query.toString()}`, { agent, headers }, resolve).on('error', reject);
    });
    const { items } = (await json(answer)) as { items: readonly { kind: string }[] };
    const kinds = new Set(items.map(({ kind }) => kind));
    if (kinds.size !== 3) throw new Error(`A person has open approvals of ${kinds.size} kinds`);
    return performance.now() - startedAt;
  };
  const measure = async (size: number): Promise<number[]> => {
    const agent = new Agent({ keepAlive: true, maxSockets: size });
    const delaysMs: number[] = [];
    const client = async (): Promise<void> => {
      for (let call = 0; call < calls / size; call += 1) delaysMs.push(await find(agent));
    };
    await Promise.all(Array.from({ length: size }, client)).finally(() => {
      agent.destroy();
    });
    return delaysMs.sort((a, b) => a - b);
  };

  try {
    await plant(ground.url, ground.tenant.id, ofEach, persons);
    // Warms up the server and its connections.
    await measure(8);
    console.log('| approvals | connections | p50 (ms) | p99 (ms) |');
    console.log('| ---: | ---: | ---: | ---: |');
    for (const size of connections) {
      const delaysMs = await measure(size);
      const at = (share: number): string => (delaysMs[Math.floor(delaysMs.length * share)] ?? NaN).toFixed(1);
      console.log(`| ${ofEach * 3} | ${size} | ${at(0.5)} | ${at(0.99)} |`);
    }
  } finally {
    await servers.stop();
    await ground.close();
  }
}

/** Each person is a user with an e-mail address and an identity for signing. */
async function plant(url: string, tenantId: string, ofEach: number, persons: number): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await plantMany(client, tenantId, ofEach);
  const users = `generate_series(0, $2::int - 1) AS n`;
  const values = [tenantId, persons];
  await client.query(`INSERT INTO tenant_user (tenant_id, user_id) SELECT $1, 'person-' || n FROM ${users}`, values);
  await client.query(
    `INSERT INTO person_identifier (tenant_id, user_id, kind, hash, masked)
     SELECT $1, 'person-' || n, kind, ${personHash('n')}, '•••' FROM ${users}, unnest(ARRAY['email', 'signer']) AS kind`,
    values,
  );
  await client.query('VACUUM ANALYZE tenant_user, person_identifier');
  await client.end();
}
