import { Logger } from '@nestjs/common';
import { createLogger, currentRequestId, NestLogger, withRequestId } from '../observability/logger';
import { BackgroundLoop, type Round } from './background-loop';

const never = new Promise<never>(() => undefined);

describe('BackgroundLoop', () => {
  let loop: BackgroundLoop;
  let errors: unknown[];
  beforeEach(() => {
    jest.useFakeTimers();
    errors = [];
    for (const level of ['error', 'warn', 'log'] as const)
      jest.spyOn(Logger.prototype, level).mockImplementation((...logged: unknown[]) => void errors.push(logged));
  });
  afterEach(async () => {
    const stopped = loop.stop(0);
    await jest.advanceTimersByTimeAsync(0);
    await stopped;
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  const start = (run: (round: Round) => Promise<unknown>, everyMs = 1_000): void => {
    loop = new BackgroundLoop({ name: 'test', everyMs, run });
    loop.start();
  };

  it('makes a round at least every so often', async () => {
    let rounds = 0;
    start(() => Promise.resolve((rounds += 1)));
    await jest.advanceTimersByTimeAsync(10_500);
    expect(rounds).toBeGreaterThanOrEqual(11);
    expect(rounds).toBeLessThanOrEqual(22);
  });

  it('makes one at once when it is nudged, also where that was during a round', async () => {
    let rounds = 0;
    start(() => {
      rounds += 1;
      if (rounds === 2) loop.nudge();
      return Promise.resolve();
    }, 1_000_000);
    await jest.advanceTimersByTimeAsync(0);
    expect(rounds).toBe(1);
    loop.nudge();
    await jest.advanceTimersByTimeAsync(0);
    expect(rounds).toBe(3);
  });

  it('goes on after a failure, which is logged once for a series', async () => {
    let rounds = 0;
    start(() => {
      rounds += 1;
      return rounds <= 3 ? Promise.reject(new Error('refused')) : Promise.resolve();
    });
    await jest.advanceTimersByTimeAsync(5_000);
    expect(rounds).toBeGreaterThan(3);
    expect(errors).toHaveLength(2);
    expect(loop.isStalled).toBe(false);
  });

  it('says why a round failed', async () => {
    jest.restoreAllMocks();
    const lines: string[] = [];
    Logger.overrideLogger(new NestLogger(createLogger('info', { write: (line: string) => void lines.push(line) })));
    start(() => Promise.reject(new Error('refused')));
    await jest.advanceTimersByTimeAsync(0);
    expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
      expect.objectContaining({ loop: 'test', err: expect.objectContaining({ message: 'refused' }) as object }),
    ]);
  });

  it('does not spin when it fails and is nudged', async () => {
    let rounds = 0;
    start(() => {
      rounds += 1;
      loop.nudge();
      return Promise.reject(new Error('refused'));
    });
    await jest.advanceTimersByTimeAsync(1_000);
    expect(rounds).toBeLessThanOrEqual(3);
  });

  it('gives up a round that hangs for ten seconds, and starts afresh', async () => {
    const signals: AbortSignal[] = [];
    start(({ signal }) => {
      signals.push(signal);
      return signals.length === 1 ? never : Promise.resolve();
    });
    await jest.advanceTimersByTimeAsync(9_900);
    expect(loop.restartIfStalled()).toBe(false);
    await jest.advanceTimersByTimeAsync(200);
    expect(loop.isStalled).toBe(true);
    expect(loop.restartIfStalled()).toBe(true);
    await jest.advanceTimersByTimeAsync(0);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
    expect(loop.isStalled).toBe(false);
  });

  it('does not restart a long round that reports progress', async () => {
    start(async ({ progress }) => {
      for (;;) {
        await new Promise((resolve) => setTimeout(resolve, 5_000));
        progress();
      }
    });
    await jest.advanceTimersByTimeAsync(60_000);
    expect(loop.restartIfStalled()).toBe(false);
  });

  it('is part of no request, whatever starts or nudges it', async () => {
    const seen: (string | undefined)[] = [];
    withRequestId('a request', () => {
      start(() => Promise.resolve(seen.push(currentRequestId())));
    });
    await jest.advanceTimersByTimeAsync(0);
    withRequestId('another', () => {
      loop.nudge();
    });
    await jest.advanceTimersByTimeAsync(0);
    expect(seen).toEqual([undefined, undefined]);
  });

  it('stops within the bound, even when its work hangs', async () => {
    start(() => never);
    let stopped = false;
    void loop.stop(9_000).then(() => (stopped = true));
    await jest.advanceTimersByTimeAsync(8_900);
    expect(stopped).toBe(false);
    await jest.advanceTimersByTimeAsync(200);
    expect(stopped).toBe(true);
  });
});
