import { behindProxy, OtpClient } from '../support/otp-client';
import { registerTenant } from '../support/fixtures';
import { openApplication } from '../support/test-app';

/** What every spec file's database is checked for when it is dropped. */
describe('The state of an approval', () => {
  it.each(["SET status = 'consumed'", 'SET revision = revision + 1', "SET head = decode('00', 'hex')"])(
    'cannot be written past the engine unnoticed: %s',
    async (change) => {
      const application = await openApplication({ ...behindProxy, sandbox: true });
      const client = new OtpClient(application, await registerTenant(application.dataSource));
      await client.make();
      await application.dataSource.query(`UPDATE otp ${change}`);
      await expect(application.close()).rejects.toThrow('Written past the engine: otp');
    },
  );
});
