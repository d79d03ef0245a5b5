import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { masterKeyOf } from './master-key';

describe('masterKeyOf', () => {
  let dataDir: string;
  beforeEach(async () => (dataDir = await mkdtemp(join(tmpdir(), 'rescind-key-'))));
  afterEach(() => rm(dataDir, { recursive: true }));

  it('makes one key for starts that come at once, and keeps it for its owner alone', async () => {
    const keys = await Promise.all(Array.from({ length: 8 }, () => masterKeyOf({ dataDir })));
    expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(1);
    expect(keys[0]).toHaveLength(32);
    expect(await readdir(dataDir)).toEqual(['master.key']);
    expect((await stat(join(dataDir, 'master.key'))).mode & 0o777).toBe(0o600);
    expect(await masterKeyOf({ dataDir })).toEqual(keys[0]);
  });

  it.each(['', 'c2hvcnQ=', Buffer.alloc(33).toString('base64')])('refuses a file that holds %j', async (content) => {
    await writeFile(join(dataDir, 'master.key'), content);
    await expect(masterKeyOf({ dataDir })).rejects.toThrow(/does not hold a master key/);
  });

  it('prefers the one that is set', async () => {
    const masterKey = Buffer.alloc(32, 3);
    expect(await masterKeyOf({ dataDir, masterKey })).toBe(masterKey);
    expect(await readdir(dataDir)).toEqual([]);
  });
});
