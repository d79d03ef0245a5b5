import { randomBytes } from 'node:crypto';
import { SealBroken, Vault } from './vault';

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
