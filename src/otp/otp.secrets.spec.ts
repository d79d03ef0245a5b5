import { Vault } from '../platform/secrets/vault';
import { OtpSecrets } from './otp.secrets';

const secrets = new OtpSecrets(new Vault(Buffer.alloc(32, 7)));

describe('OtpSecrets', () => {
  it('hashes a code so that neither another OTP nor another tenant has the same', () => {
    const hash = secrets.codeHash('a', '1', '314159');
    expect(secrets.codeHash('a', '1', '314159')).toEqual(hash);
    for (const [tenantId, id, code] of [
      ['a', '2', '314159'],
      ['b', '1', '314159'],
      ['a', '1', '314158'],
    ] as const)
      expect(secrets.codeHash(tenantId, id, code)).not.toEqual(hash);
  });

  it('opens what it sealed for the same OTP only', () => {
    const secret = { code: '314159', recipient: 'alice@example.com', locale: null };
    const sealed = secrets.seal('a', '1', secret);
    expect(secrets.open('a', '1', sealed)).toEqual(secret);
    expect(() => secrets.open('a', '2', sealed)).toThrow();
  });
});
