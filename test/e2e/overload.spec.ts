import { ask } from '../support/ask';
import { expectEnvelope } from '../support/envelopes';
import { eventually } from '../support/eventually';
import { openApplication, type TestApplication } from '../support/test-app';

describe('A node that cannot keep up', () => {
  let application: TestApplication;
  beforeAll(async () => {
    application = await openApplication({ eventLoopLagLimitMs: 100 });
  });
  afterAll(() => application.close());

  /** The node runs in this process, so that it is held up by what this does. */
  const holdUp = (): { end: () => void } => {
    let held = true;
    const block = (): void => {
      const until = performance.now() + 250;
      while (performance.now() < until);
      if (held) setImmediate(block);
    };
    setImmediate(block);
    return { end: () => (held = false) };
  };
  const status = async (path: string): Promise<number> => (await ask(application.url, { method: 'POST', path })).status;

  it('answers 503 for a while, but for its probes, and serves again once it can', async () => {
    expect(await status('/otp/cancel')).toBe(401);
    const load = holdUp();
    await eventually(async () => (await status('/otp/cancel')) === 503);
    const answer = await ask(application.url, { method: 'POST', path: '/otp/cancel' });
    expect(answer.headers['retry-after']).toBe('1');
    expectEnvelope('/otp/cancel', answer);
    expect((await ask(application.url, { method: 'GET', path: '/health/live' })).status).toBe(200);
    load.end();
    await eventually(async () => (await status('/otp/cancel')) === 401);
  }, 60_000);
});
