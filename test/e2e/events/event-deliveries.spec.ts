import { EventEndpoint } from '../../../src/approvals/events/event-endpoint.entity';
import { eventSchedule } from '../../../src/approvals/events/event.channel';
import { Delivery } from '../../../src/messages/delivery';
import { eventually } from '../../support/eventually';
import { registerTenant, type TestTenant } from '../../support/fixtures';
import { Receiver } from '../../support/receiver';
import { initiate } from '../../support/sign-requests';
import { Subscriber } from '../../support/subscriber';
import { openApplication, type TestApplication } from '../../support/test-app';

const hour = 3_600;

describe('An event is delivered', () => {
  let application: TestApplication;
  let receiver: Receiver;
  let tenant: TestTenant;
  let subscriber: Subscriber;
  beforeAll(async () => {
    application = await openApplication({ allowPrivateTargets: true });
  });
  beforeEach(async () => {
    receiver = await Receiver.open();
    tenant = await registerTenant(application.dataSource);
    subscriber = await Subscriber.subscribe(application.nodes[0]!, receiver, tenant.id, { types: ['approval.begun'] });
  });
  afterEach(() => receiver.close());
  afterAll(() => application.close());

  /** Makes something happen that is an event. */
  const happen = async (): Promise<string> => (await initiate(application.url, tenant.relyingParty)).request_id;
  const deliveryOf = (approvalId: string) => application.dataSource.manager.findOneByOrFail(Delivery, { approvalId });
  const endpoint = () => application.dataSource.manager.findOneByOrFail(EventEndpoint, { id: subscriber.id });
  /** The delivery once a try has failed. */
  const failed = (approvalId: string) =>
    eventually(async () => {
      const found = await deliveryOf(approvalId);
      return found.lastError !== null && found;
    });
  const secondsUntilNext = ({ nextAttemptAt }: Delivery) => (nextAttemptAt!.getTime() - Date.now()) / 1_000;

  it('again after some seconds, under the same id, signed at the time of the try', async () => {
    receiver.answer(204, 500);
    const about = await happen();
    const [first, second] = await subscriber.calls(2);
    const { id } = await deliveryOf(about);
    expect([first!, second!].map(({ headers }) => headers['webhook-id'])).toEqual([id, id]);
    expect(second!.body).toBe(first!.body);
    expect(Number(second!.headers['webhook-timestamp'])).toBeGreaterThan(Number(first!.headers['webhook-timestamp']));
    expect(await subscriber.events(2)).toHaveLength(2);
    const apart = second!.at - first!.at;
    expect(apart).toBeGreaterThan(4_900);
    await eventually(async () => (await deliveryOf(about)).state === 'delivered');
  });

  it('in ten tries over three days and some hours', () => {
    expect(eventSchedule).toHaveLength(9);
    const sum = eventSchedule.reduce((total, pause) => total + pause);
    expect(sum).toBeGreaterThan(72 * hour);
    expect(1.2 * sum).toBeLessThan(96 * hour);
  });

  it.each([
    ['seconds', '7200', 2 * hour],
    ['a date', new Date(Date.now() + 3 * hour * 1_000).toUTCString(), 3 * hour],
    ['longer than a day', String(10 ** 9), 24 * hour],
  ])('not before the receiver wants it, as %s', async (_, retryAfter, seconds) => {
    receiver.answer({ status: 503, headers: { 'retry-after': retryAfter } });
    const delivery = await failed(await happen());
    expect(delivery.lastError).toBe('The endpoint answered 503');
    expect(secondsUntilNext(delivery)).toBeGreaterThan(seconds - 60);
    expect(secondsUntilNext(delivery)).toBeLessThan(1.2 * seconds + 1);
  });

  it.each(['soon', '-5', '0'])('by the schedule where Retry-After is %s', async (retryAfter) => {
    receiver.answer({ status: 429, headers: { 'retry-after': retryAfter } });
    expect(secondsUntilNext(await failed(await happen()))).toBeLessThan(6.1);
  });

  it('to the registered address only: a redirect is a failed try', async () => {
    receiver.answer(307);
    expect(await failed(await happen())).toMatchObject({ lastError: 'The endpoint answered 307', attempts: 1 });
    expect(new Set(receiver.calls.map(({ path }) => path))).toEqual(new Set([`/${subscriber.id}`]));
  });

  it('no more once the endpoint has answered 410: it is disabled', async () => {
    receiver.answer(500);
    const waiting = await happen();
    await failed(waiting);
    receiver.answer(410);
    const last = await happen();
    await eventually(async () => (await endpoint()).disabledAt !== null);
    expect(await failed(last)).toMatchObject({ state: 'failed', attempts: 1 });
    const abandoned = await eventually(async () => {
      const found = await deliveryOf(waiting);
      return found.state !== 'pending' && found;
    });
    expect(abandoned.state).toBe('abandoned');
    const after = await happen();
    expect(await application.dataSource.manager.countBy(Delivery, { approvalId: after })).toBe(0);
  });

  it('and the endpoint is known as failing from the first try that fails until one succeeds', async () => {
    receiver.answer(200, 500);
    await failed(await happen());
    const since = (await endpoint()).failingSince!;
    expect(Math.abs(since.getTime() - Date.now())).toBeLessThan(30_000);
    await subscriber.calls(2);
    await eventually(async () => (await endpoint()).failingSince === null);
  });

  it('to no private address, however it is named', async () => {
    const own = await openApplication({ allowPrivateTargets: false });
    const other = await registerTenant(own.dataSource);
    await Subscriber.subscribe(own.nodes[0]!, receiver, other.id);
    const { request_id } = await initiate(own.url, other.relyingParty);
    const delivery = await eventually(async () => {
      const found = await own.dataSource.manager.findOneByOrFail(Delivery, { approvalId: request_id });
      return found.lastError !== null && found;
    });
    expect(delivery.lastError).toContain('is not a host on the public internet');
    expect(receiver.calls).toEqual([]);
    await own.close();
  });
});
