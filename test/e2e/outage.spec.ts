import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { serverContents } from '../../src/app.module';
import { migrate } from '../../src/platform/database/migrate';
import { CallbackHeaders } from '../../src/signature/result/callback.channel';
import { SignatureRepository } from '../../src/signature/signature.repository';
import { eventually } from '../support/eventually';
import { registerTenant } from '../support/fixtures';
import { type OwnPostgres, postgresProgram, startOwnPostgres } from '../support/own-postgres';
import { describeWith } from '../support/programs';
import { Receiver } from '../support/receiver';
import { openNode, type TestNode } from '../support/test-app';

const callbacks = 400;
/** In which all that waits is delivered once the database is back, without a restart of the node. */
const withinSeconds = 10;

describeWith(['initdb', 'pg_ctl'].map(postgresProgram), 'Callbacks in flight while the database fails', () => {
  let postgres: OwnPostgres;
  let node: TestNode;
  let receiver: Receiver;
  let tenantId: string;
  beforeAll(async () => {
    postgres = await startOwnPostgres();
    await migrate({ url: postgres.url }, serverContents.schema);
    node = await openNode(postgres, { allowPrivateTargets: true });
    tenantId = (await registerTenant(node.dataSource)).id;
  }, 60_000);
  beforeEach(async () => {
    receiver = await Receiver.open();
  });
  afterEach(() => receiver.close());
  afterAll(async () => {
    await node.close();
    await postgres.remove();
  });

  /** Begins transactions and cancels them, while the receiver keeps those waiting that call it. */
  const endAll = async (): Promise<void> => {
    let release!: (status: number) => void;
    receiver.answer(new Promise((resolve) => (release = resolve)));
    const headers = node.app.get(CallbackHeaders);
    const signatures = node.app.get(SignatureRepository);
    const addressed = { everyDevice: true, deviceIds: [] };
    const terms = { ...addressed, onlineSeconds: 600, signatureSeconds: 600, pinRequired: false };
    const one = async (): Promise<void> => {
      const id = randomUUID();
      await signatures.begin(
        {
          ...{ tenantId, userId: 'alice', id, actor: 'test', subjects: [], message: 'x', pushMessage: null, ...terms },
          callbackUrl: `${receiver.url}/${id}`,
          callbackHeaders: headers.seal(tenantId, id, {}),
          contentHash: Buffer.alloc(32),
        },
        { openPerUser: 1_000, openPerTenant: 10_000 },
      );
      await signatures.cancel({ tenantId, userId: 'alice', id }, addressed, 'test');
    };
    for (let made = 0; made < callbacks; made += 20) await Promise.all(Array.from({ length: 20 }, one));
    release(200);
  };
  const reached = (): number => new Set(receiver.calls.map(({ path }) => path)).size;
  const reaches = (count: number) => eventually(() => Promise.resolve(reached() >= count));
  const isReady = async (): Promise<boolean> => (await fetch(`${node.url}/health/ready`)).ok;
  /** On a connection of its own, not the node’s, whose pool may have none but broken connections. */
  const administer = async (...statements: string[]): Promise<void> => {
    const client = new Client({ connectionString: postgres.url });
    await client.connect();
    for (const sql of statements) await client.query(sql);
    await client.end();
  };

  it('all arrive within ten seconds of its return, when it crashes twice', async () => {
    await endAll();
    for (const count of [50, 150]) {
      await reaches(count);
      await postgres.crash();
      await postgres.restart();
    }
    await eventually(() => Promise.resolve(reached() === callbacks), withinSeconds);
    await eventually(isReady);
  }, 60_000);

  it('all arrive within ten seconds of its taking writes again, after it took none for a while', async () => {
    await endAll();
    await reaches(50);
    await administer('ALTER SYSTEM SET default_transaction_read_only = on', 'SELECT pg_reload_conf()');
    await eventually(async () => !(await isReady()));
    const meanwhile = reached();
    expect(meanwhile).toBeLessThan(callbacks);
    await administer(
      'SET default_transaction_read_only = off',
      'ALTER SYSTEM RESET default_transaction_read_only',
      'SELECT pg_reload_conf()',
    );
    await eventually(() => Promise.resolve(reached() === callbacks), withinSeconds);
    await eventually(isReady);
  }, 60_000);
});
