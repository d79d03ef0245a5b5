import request from 'supertest';
import { eventually } from '../../support/eventually';
import { registerTenant, type TestTenant } from '../../support/fixtures';
import { OtpClient } from '../../support/otp-client';
import { createOtp, RecallDesk } from '../../support/recalls';
import { Receiver } from '../../support/receiver';
import { Subscriber } from '../../support/subscriber';
import { openApplication, testAdminToken, type TestApplication } from '../../support/test-app';

const by = { actor: 'admin', reason: 'She did not ask for this.' };

describe('A tenant that subscribes to events hears of a recall', () => {
  let application: TestApplication;
  let receiver: Receiver;
  let tenant: TestTenant;
  let desk: RecallDesk;
  let otps: OtpClient;
  let subscriber: Subscriber;
  beforeAll(async () => {
    application = await openApplication({ trustProxy: 'loopback', allowPrivateTargets: true }, 2);
    receiver = await Receiver.open();
  });
  beforeEach(async () => {
    tenant = await registerTenant(application.dataSource);
    desk = new RecallDesk(application.nodes[1]!.url, tenant);
    otps = new OtpClient(application, tenant);
    subscriber = await Subscriber.subscribe(application.nodes[0]!, receiver, tenant.id, {
      types: ['approval.ended', 'recall.done', 'freeze.begun', 'freeze.ended'],
    });
  });
  afterAll(async () => {
    await application.close();
    await receiver.close();
  });

  const told = async (count: number) =>
    (await subscriber.events(count)).map(({ type, data }) => ({ type, data })).sort(byType);
  const byType = (a: { type: string }, b: { type: string }) => a.type.localeCompare(b.type);
  const ended = (id: string) => ({
    type: 'approval.ended',
    data: {
      tenant: tenant.id,
      kind: 'otp',
      id,
      state: 'cancelled',
      transition: 'cancel',
      ...by,
      at: expect.any(String),
    },
  });
  const done = (id: string) => ({
    type: 'recall.done',
    data: { tenant: tenant.id, id, ended: 1, ...by, at: expect.any(String) },
  });

  it('of a person: who ended what and why, and once that it is done', async () => {
    const email = 'alice@example.com';
    const id = await createOtp(otps, email);
    const { body } = await desk.post({ target: { person: { email } }, reason: by.reason }).expect(200);
    expect(await told(2)).toEqual([ended(id), done(body.id)]);
  });

  it('of a wide target with its freeze, until that is lifted, and by whom', async () => {
    const id = await createOtp(otps);
    const { body } = await desk.post({ target: { tenant: true }, reason: by.reason, freezeSeconds: 600 }).expect(202);
    await eventually(async () => (await desk.get(`/${body.id}`).expect(200)).body.state === 'done');
    await request(application.url)
      .delete(`/admin/v1/freezes/${body.freeze.id}`)
      .auth(testAdminToken, { type: 'bearer' })
      .expect(204);
    const { id: freeze, endsAt } = body.freeze;
    const data = { tenant: tenant.id, id: freeze, recall: body.id, endsAt, ...by, at: expect.any(String) };
    const about = [
      { type: 'freeze.begun', data },
      { type: 'freeze.ended', data },
    ];
    expect(await told(4)).toEqual([ended(id), ...about, done(body.id)]);
  });
});
