import { type OtpState } from '../../../src/otp/otp.lifecycle';
import { type SignatureState } from '../../../src/signature/signature.lifecycle';
import { type SignRequestState } from '../../../src/sign-request/sign-request.lifecycle';
import { eventually } from '../../support/eventually';
import { registerTenant, type TestTenant } from '../../support/fixtures';
import { behindProxy, type MadeOtp, OtpClient, wrong } from '../../support/otp-client';
import { callCancel, initiate, TestSigner } from '../../support/sign-requests';
import { accessToken, startBody, TestBackend } from '../../support/signatures';
import { generousLimits, openApplication, type TestApplication } from '../../support/test-app';
import { TestDevice } from '../../support/test-device';
import { type Traces, tracesOf } from '../../support/traces';

/**
 * Makes every call in every state. The tables say which of them change anything, written anew and not taken from the lifecycles;
 * each other call must leave the approval's row, history, documents and deliveries as they were, whatever it answers.
 */
describe('A call that is refused changes nothing stored', () => {
  let application: TestApplication;
  let tenant: TestTenant;
  beforeAll(async () => {
    application = await openApplication({ ...behindProxy, ...generousLimits, sandbox: true });
    tenant = await registerTenant(application.dataSource);
    // What the clock has ended stays for the callers to find out.
    await eventually(async () => {
      const later = `UPDATE recurring_job SET due_at = 'infinity' WHERE name = 'expire-otps' RETURNING 1`;
      return (await application.dataSource.query<[object[], number]>(later))[1] === 1;
    });
  });
  afterAll(() => application.close());

  const letPass = (table: string, id: string) =>
    application.dataSource.query(`UPDATE ${table} SET expires_at = clock_timestamp() WHERE id = $1`, [id]);
  const compared = async (table: string, id: string, call: () => Promise<unknown>): Promise<[Traces, Traces]> => {
    const before = await tracesOf(application.dataSource, table, id);
    await call();
    return [before, await tracesOf(application.dataSource, table, id)];
  };
  const expectChange = ([before, after]: [Traces, Traces], changes: boolean) => {
    if (!changes) expect(after).toEqual(before);
    else expect(after.history.length).toBeGreaterThan(before.history.length);
  };

  describe('of a one-time password', () => {
    type Call = 'cancel' | 'verify' | 'guess' | 'resend' | 'consume';
    const calls: readonly Call[] = ['cancel', 'verify', 'guess', 'resend', 'consume'];
    /** A resend comes too soon here. */
    const changing: Record<OtpState, readonly Call[]> = {
      pending: ['cancel', 'verify', 'guess'],
      verified: ['consume'],
      consumed: [],
      failed: [],
      expired: [],
      cancelled: [],
    };
    const call = (otp: MadeOtp, name: Call) => {
      const client = new OtpClient(application, tenant);
      return name === 'guess' ? client.post('verify', { ...otp, code: wrong(otp.code) }) : client.post(name, otp);
    };
    const reach: Record<OtpState, (otp: MadeOtp) => Promise<unknown>> = {
      pending: () => Promise.resolve(),
      verified: (otp) => call(otp, 'verify').expect(201),
      consumed: async (otp) => {
        await call(otp, 'verify').expect(201);
        await call(otp, 'consume').expect(201);
      },
      failed: async (otp) => {
        for (let guess = 0; guess < 5; guess += 1) await call(otp, 'guess').expect(422);
      },
      expired: ({ id }) => letPass('otp', id),
      cancelled: (otp) => call(otp, 'cancel').expect(201),
    };

    describe.each(Object.keys(reach) as OtpState[])('%s', (state) => {
      it.each(calls)('%s', async (name) => {
        const otp = await new OtpClient(application, tenant).make();
        await reach[state](otp);
        expectChange(await compared('otp', otp.id, () => call(otp, name).then()), changing[state].includes(name));
      });
    });
  });

  describe('of a sign request', () => {
    type Call = 'cancel' | 'proceed' | 'proceed of another' | 'approve' | 'reject';
    const calls: readonly Call[] = ['cancel', 'proceed', 'proceed of another', 'approve', 'reject'];
    const changing: Record<SignRequestState, readonly Call[]> = {
      pending: ['cancel', 'proceed'],
      signing: ['approve', 'reject'],
      signed: [],
      expired: ['cancel'],
      cancelled: [],
    };
    const reach: Record<SignRequestState, (id: string, signer: TestSigner) => Promise<unknown>> = {
      pending: (_, signer) => signer.reject(),
      signing: () => Promise.resolve(),
      signed: (_, signer) => signer.approve(),
      expired: async (id, signer) => {
        await signer.reject();
        await letPass('sign_request', id);
      },
      cancelled: async (id, signer) => {
        await signer.reject();
        await callCancel(application.url, tenant.relyingParty, id);
      },
    };

    describe.each(Object.keys(reach) as SignRequestState[])('%s', (state) => {
      it.each(calls)('%s', async (name) => {
        const initiated = await initiate(application.url, tenant.relyingParty);
        const id = initiated.request_id;
        const signer = new TestSigner(application.nodes[0]!, initiated);
        await signer.proceed();
        await reach[state](id, signer);
        const call: Record<Call, () => Promise<unknown>> = {
          cancel: () => callCancel(application.url, tenant.relyingParty, id),
          proceed: () => signer.proceed(),
          'proceed of another': () => new TestSigner(application.nodes[0]!, initiated).proceed(),
          approve: () => signer.approve(),
          reject: () => signer.reject(),
        };
        expectChange(await compared('sign_request', id, call[name]), changing[state].includes(name));
      });
    });
  });

  describe('of a transaction', () => {
    type Call = 'cancel' | 'cancel for its device' | 'fetch' | 'confirm' | 'reject' | 'forge' | 'start' | 'start other';
    const calls: readonly Call[] = [
      ...(['cancel', 'cancel for its device', 'fetch', 'confirm'] as const),
      ...(['reject', 'forge', 'start', 'start other'] as const),
    ];
    const changing: Record<SignatureState, readonly Call[]> = {
      waiting: ['cancel', 'cancel for its device', 'fetch'],
      delivered: ['cancel', 'cancel for its device', 'confirm', 'reject'],
      confirmed: [],
      rejected: [],
      expired: [],
      cancelled: [],
    };
    let backend: TestBackend;
    beforeAll(async () => {
      backend = new TestBackend(application.url, tenant.id, await accessToken(application.url, tenant));
    });

    /** One transaction, and the one device that it is for. */
    const begin = async () => {
      const device = await TestDevice.plant(application.dataSource, application.url, tenant.id);
      const body = startBody({ deviceId: device.id });
      const { transactionId: id, signatureMessage } = body;
      await backend.start(body).expect(200);
      const call: Record<Call, () => Promise<unknown>> = {
        cancel: () => backend.cancel({ deviceId: ['-1'], transactionId: id }).then(),
        'cancel for its device': () => backend.cancel({ deviceId: [device.id], transactionId: id }).then(),
        fetch: () => device.fetch(),
        confirm: () => device.confirm(id, signatureMessage),
        reject: () => device.decide(id, { decision: 'CANCEL' }),
        forge: () => device.confirm(id, `${signatureMessage}!`),
        start: () => backend.start(body).then(),
        'start other': () => backend.start({ ...body, signatureMessage: 'another' }).then(),
      };
      return { id, call };
    };
    const reach: Record<SignatureState, readonly Call[]> = {
      waiting: [],
      delivered: ['fetch'],
      confirmed: ['fetch', 'confirm'],
      rejected: ['fetch', 'reject'],
      expired: ['fetch'],
      cancelled: ['cancel'],
    };

    describe.each(Object.keys(reach) as SignatureState[])('%s', (state) => {
      it.each(calls)('%s', async (name) => {
        const { id, call } = await begin();
        for (const each of reach[state]) await call[each]();
        if (state === 'expired') await letPass('signature', id);
        await eventually(async () => {
          const [row] = await application.dataSource.query<{ status: string }[]>(
            'SELECT status FROM signature WHERE id = $1',
            [id],
          );
          return row!.status === state;
        });
        expectChange(await compared('signature', id, call[name]), changing[state].includes(name));
      });
    });
  });
});
