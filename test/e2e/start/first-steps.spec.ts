import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { engines } from '../../../package.json';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { productionEnvironment, runToEnd, startServer } from '../../support/server-process';

describe('The first start', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  const started = async (environment: Record<string, string>): Promise<{ url: string; output: string }> => {
    const server = await startServer(environment);
    server.terminate();
    await server.ended;
    return { url: server.url, output: server.output() };
  };

  it.each(['main', 'purge-sandbox', 'verify-history'])(
    'by %s says in one line which Node.js it needs, before it loads what an older one cannot',
    async (program) => {
      const preload = join(__dirname, '../../support/old-node.cjs');
      const [, needed] = /^>=(.+)$/.exec(engines.node)!;
      expect(await runToEnd(`src/${program}.ts`, { NODE_OPTIONS: `--require ${preload}` })).toEqual({
        code: 1,
        output: `Rescind needs Node.js ${needed} or newer; this is 18.20.8.\n`,
      });
    },
  );

  it.each([
    ['the embedded database', () => ({})],
    ['the master key', () => ({ DATABASE_URL: database.url })],
  ])('says at once, in one line, that the directory for %s cannot be written', async (_, where) => {
    for (const directory of ['/proc/nope', '/proc/nope/deeper'])
      expect(await runToEnd('src/main.ts', { DATA_DIR: directory, ...where() })).toEqual({
        code: 1,
        output: expect.stringMatching(/^DATA_DIR cannot be written: \w+: [^\n]+\n$/),
      });
  });

  it('names the address that it is bound to, its documents, its database, and that the sandbox is off', async () => {
    const { host, port } = new Client({ connectionString: database.url });
    const { url, output } = await started({ ...productionEnvironment(database), HOST: '0.0.0.0' });
    expect(url).toMatch(/^http:\/\/0\.0\.0\.0:\d+$/);
    const lines = [
      `Its database is PostgreSQL [\\d.]+ at ${host}:${port}\\.`,
      `Its documents are at ${url}/docs`,
      'REQUIRE_HTTPS is on: .+',
      'The sandbox is off\\.',
      `Rescind is ready at ${url}`,
    ];
    expect(output).toMatch(new RegExp(`^${lines.join('\n')}$`, 'm'));
  });

  it('names the embedded database, an open sandbox, and documents that are off', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'rescind-'));
    const { url, output } = await started({ DATA_DIR: directory, DOCS: 'false' });
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const lines = [
      `Its database is the embedded PostgreSQL [\\d.]+ in ${directory}\\.`,
      'Its documents are off \\(DOCS\\)\\.',
      'The sandbox is open on 127\\.0\\.0\\.1: .+',
      `Rescind is ready at ${url}`,
    ];
    expect(output).toMatch(new RegExp(`^${lines.join('\n')}$`, 'm'));
    await rm(directory, { recursive: true });
  });
});
