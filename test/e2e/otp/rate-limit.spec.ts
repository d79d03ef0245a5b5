import { parseList } from 'structured-headers';
import request from 'supertest';
import { registerTenant, type TestTenant } from '../../support/fixtures';
import { anyAddress, behindProxy } from '../../support/otp-client';
import { openApplication, openNode, type TestApplication } from '../../support/test-app';

describe('The rate limit of /otp', () => {
  let application: TestApplication;
  let tenant: TestTenant;
  beforeAll(async () => {
    application = await openApplication(behindProxy, 2);
    tenant = await registerTenant(application.dataSource);
  });
  afterAll(() => application.close());

  const [a, b] = [0, 1];
  const reference = { id: '01ARZ3NDEKTSV4RRFFQ69G5FAV', scope: 'reset_password' };
  const callAt = (url: string, address: string, action = 'cancel') =>
    request(url)
      .post(`/otp/${action}`)
      .set({ 'x-tenant-token': tenant.token, 'X-Forwarded-For': address })
      .send(reference);
  const call = (node: number, address: string, action = 'cancel') =>
    callAt(application.nodes[node]!.url, address, action);
  const spend = async (address: string): Promise<void> => {
    for (let count = 0; count < 30; count += 1) await call(a, address).expect(404);
  };
  /** Lets time pass for the one window that is open. */
  const pass = async (seconds: number): Promise<void> => {
    await application.dataSource.query('UPDATE rate_limit SET ends_at = ends_at - make_interval(secs => $1)', [
      seconds,
    ]);
  };

  it('refuses the 31st cancel on one node after 30 on another', async () => {
    const address = anyAddress();
    for (let left = 29; left >= 0; left -= 1) {
      const { headers } = await call(a, address).expect(404);
      expect(headers).toMatchObject({ 'x-ratelimit-limit': '30', 'x-ratelimit-remaining': String(left) });
      expect(headers).not.toHaveProperty('retry-after');
    }
    const { body, headers } = await call(b, address).expect(429);
    expect(body).toEqual({
      meta: { requestId: headers['x-request-id'], timestamp: expect.any(String) },
      error: { message: 'Too many requests', code: 'TOO_MANY_REQUESTS', status: 429 },
    });
    expect(headers).toMatchObject({
      'x-ratelimit-limit': '30',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': headers['retry-after'],
    });
  });

  it('holds after a restart', async () => {
    const address = anyAddress();
    await spend(address);
    const restarted = await openNode(application.database, behindProxy);
    await callAt(restarted.url, address).expect(429);
    await restarted.close();
  });

  it('lets in again exactly when Retry-After said, and not sooner', async () => {
    const address = anyAddress();
    await spend(address);
    const { headers } = await call(b, address).expect(429);
    const waitSeconds = Number(headers['retry-after']);
    expect(waitSeconds).toBeGreaterThan(3_590);
    expect(waitSeconds).toBeLessThanOrEqual(3_600);
    await pass(waitSeconds - 2);
    await call(b, address).expect(429);
    await pass(2);
    const again = await call(b, address).expect(404);
    expect(again.headers['x-ratelimit-remaining']).toBe('29');
  });

  it('is not prolonged by calls that are refused', async () => {
    const address = anyAddress();
    await spend(address);
    await pass(3_000);
    await call(a, address).expect(429);
    const { headers } = await call(a, address).expect(429);
    expect(Number(headers['retry-after'])).toBeLessThanOrEqual(600);
  });

  it('counts 200 concurrent calls as 200', async () => {
    const address = anyAddress();
    const answers = await Promise.all(Array.from({ length: 200 }, (_, index) => call(index % 2, address)));
    expect(answers.filter(({ status }) => status === 404)).toHaveLength(30);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(170);
  });

  it.each([
    ['create', 30],
    ['cancel', 30],
    ['verify', 120],
    ['resend', 30],
    ['consume', 120],
  ])('is of its own for %s: %i an hour', async (action, limit) => {
    const address = anyAddress();
    await spend(address);
    const { headers } = await call(a, anyAddress(), action);
    expect(headers).toMatchObject({ 'x-ratelimit-limit': String(limit), 'x-ratelimit-remaining': String(limit - 1) });
  });

  it('is announced in the fields of the IETF too', async () => {
    const { headers } = await call(a, anyAddress()).expect(404);
    expect(parseList(headers['ratelimit-policy']!)).toEqual([
      [
        'address',
        new Map([
          ['q', 30],
          ['w', 3600],
        ]),
      ],
    ]);
    expect(parseList(headers.ratelimit!)).toEqual([
      [
        'address',
        new Map([
          ['r', 29],
          ['t', 3600],
        ]),
      ],
    ]);
  });

  it('counts an IPv6 /64 as one address, and another /64 apart', async () => {
    await call(a, '2001:db8:1:2::1').expect(404);
    const same = await call(a, '2001:db8:1:2:ffff::9').expect(404);
    expect(same.headers['x-ratelimit-remaining']).toBe('28');
    const other = await call(a, '2001:db8:1:3::1').expect(404);
    expect(other.headers['x-ratelimit-remaining']).toBe('29');
  });

  it('counts an address by what the socket says where no proxy is trusted', async () => {
    const open = await openNode(application.database);
    await callAt(open.url, '198.51.100.1').expect(404);
    const { headers } = await callAt(open.url, '198.51.100.2').expect(404);
    expect(headers['x-ratelimit-remaining']).toBe('28');
    await open.close();
  });

  it('is counted before the caller is authenticated', async () => {
    const address = anyAddress();
    await spend(address);
    await call(a, address).set('x-tenant-token', 'nobody').expect(429);
  });
});
