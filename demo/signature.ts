import { randomUUID } from 'node:crypto';
import { type Recorder } from './recorder';

interface ListedDevice {
  readonly deviceId: string;
  readonly deviceName: string | null;
}

/** Digitanium v4: a signature is asked of a device, and called back before the device gives it. */
export async function signatureSteps(recorder: Recorder): Promise<void> {
  const granted = await recorder.call<{ access_token: string }>({
    what: 'signature: access token',
    method: 'POST',
    path: '/auth/realms/demo/protocol/openid-connect/token',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: 'demo-client',
      client_secret: 'demo-secret',
    }),
    aside: true,
    expect: { status: 200, says: 'access_token' },
  });
  const headers = { authorization: `Bearer ${granted.access_token}` };
  const start = async (form: string, path: string): Promise<string> => {
    const transactionId = randomUUID();
    await recorder.call({
      what: `signature: start (${form})`,
      method: 'POST',
      path,
      headers,
      body: {
        transactionId,
        deviceGoOnlineTimeout: '600',
        signatureTimeout: '600',
        signatureMessage: 'Transfer 100 euros to Bob',
        // A name that resolves nowhere: a demo calls no server of others.
        callbackUrl: 'https://callback.invalid/result',
      },
      expect: { status: 200, says: 'Transaction started successfully' },
    });
    return transactionId;
  };
  const cancel = (what: string, path: string, transactionId: string, status: number, says: string) =>
    recorder.call({
      what,
      method: 'DELETE',
      path,
      headers,
      body: { deviceId: ['-1'], transactionId },
      expect: { status, says },
    });

  const ssms = '/digitanium/v4/users/signature';
  const first = await start('SSMS', '/digitanium/v4/users/alice/signature');
  await cancel('signature: cancel (SSMS)', `${ssms}/alice`, first, 200, 'Transaction cancelled successfully');
  await cancel('signature: cancel again', `${ssms}/alice`, first, 409, 'Transaction already cancelled');
  const second = await start('SHIFT', '/auth/realms/demo/v3_user/digitaniumsignature/alice');
  const shift = '/auth/realms/demo/v3_user/cancelsignature/alice';
  await cancel('signature: cancel (SHIFT)', shift, second, 200, 'TRANSACTION_DISCARDED_FROM_SERVER');

  const third = await start('SSMS', '/digitanium/v4/users/alice/signature');
  const { data: devices } = await recorder.call<{ data: readonly ListedDevice[] }>({
    what: "signature: alice's devices",
    method: 'GET',
    path: '/digitanium/v4/users/alice/devices',
    headers,
    aside: true,
    expect: { status: 200, says: 'Demo device' },
  });
  const deviceId = devices.find(({ deviceName }) => deviceName === 'Demo device')?.deviceId ?? '';
  const play = (action: 'fetch' | 'decide', body: object, status: number, says: string) =>
    recorder.call({
      what: `signature: the demo device's ${action}`,
      method: 'POST',
      path: `/sandbox/devices/${deviceId}/${action}`,
      body,
      expect: { status, says },
    });
  await play('fetch', {}, 200, third);
  await cancel('signature: cancel what a device has', `${ssms}/alice`, third, 200, 'TRANSACTION_DISCARDED_FROM_CLIENT');
  await play('decide', { transactionId: third, decision: 'OK' }, 409, 'SERVER_CANCEL');

  await cancel('signature: cancel for nobody', `${ssms}/nobody`, second, 404, 'User does not exist');
  await cancel(
    'signature: cancel for a blank user',
    `${ssms}/%20`,
    second,
    400,
    'Username should not be null or empty',
  );
  await recorder.call({
    what: 'signature: cancel without a token',
    method: 'DELETE',
    path: `${ssms}/alice`,
    body: { deviceId: '-1', transactionId: second },
    expect: { status: 401, says: 'HTTP 401 Unauthorized' },
  });
}
