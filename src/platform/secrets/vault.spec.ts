import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SealedJson, masterKeyOf, SealBroken, Vault } from './vault';

describe('Vault', () => {
  const vault = new Vault(randomBytes(32));
  const secret = Buffer.from('314159');

  it('opens what it sealed, in the same place only', () => {
    const sealed = vault.seal('otp-code', 'demo/1', secret);
    expect(vault.open('otp-code', 'demo/1', sealed)).toEqual(secret);
    expect(sealed.includes(secret)).toBe(false);
    expect(() => vault.open('otp-code', 'demo/2', sealed)).toThrow(SealBroken);
    expect(() => vault.open('signing-key', 'demo/1', sealed)).toThrow(SealBroken);
    expect(() => new Vault(randomBytes(32)).open('otp-code', 'demo/1', sealed)).toThrow(SealBroken);
  });

  it('notices a changed byte anywhere', () => {
    const sealed = vault.seal('otp-code', 'demo/1', secret);
    for (let index = 0; index < sealed.length; index += 1) {
      const changed = Buffer.from(sealed);
      changed[index]! ^= 1;
      expect(() => vault.open('otp-code', 'demo/1', changed)).toThrow(SealBroken);
    }
  });

  it('seals values as JSON, and opens as text only what it sealed for this place', () => {
    const json = new SealedJson<{ code: string }>(vault, 'otp-code');
    const value = { code: '314159' };
    expect(json.open('demo/1', vault.seal('otp-code', 'demo/1', Buffer.from('{"code":"314159"}')))).toEqual(value);
    expect(vault.open('otp-code', 'demo/1', json.seal('demo/1', value)).toString()).toBe('{"code":"314159"}');
    const text = json.sealToText('demo/1', value);
    expect(json.openText('demo/1', text)).toEqual(value);
    expect(json.openText('demo/2', text)).toBeUndefined();
    expect(json.openText('demo/1', 'none of ours')).toBeUndefined();
  });

  it('binds a keyed hash to its key, purpose, place and value', () => {
    const macs = [
      vault.mac('a', 'b', 'c'),
      vault.mac('x', 'b', 'c'),
      vault.mac('a', 'x', 'c'),
      vault.mac('a', 'b', 'x'),
      vault.mac('a', 'bc', ''),
      new Vault(randomBytes(32)).mac('a', 'b', 'c'),
    ].map((mac) => mac.toString('hex'));
    expect(new Set(macs).size).toBe(macs.length);
    expect(vault.mac('a', 'b', 'c')).toEqual(vault.mac('a', 'b', 'c'));
  });
});

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
