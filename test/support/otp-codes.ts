import { type DataSource } from 'typeorm';
import { OtpSecrets } from '../../src/otp/otp.secrets';
import { Vault } from '../../src/platform/secrets/vault';
import { testMasterKey } from './test-app';

const secrets = new OtpSecrets(new Vault(testMasterKey));

/** The code of a pending OTP, opened with the master key: quicker than waiting for its message. */
export async function codeOf(dataSource: DataSource, tenantId: string, id: string): Promise<string> {
  const found = await dataSource.query<{ sealed: Buffer }[]>(
    'SELECT sealed FROM otp WHERE tenant_id = $1 AND id = $2',
    [tenantId, id],
  );
  return secrets.open(tenantId, id, found[0]!.sealed).code;
}
