import { RecentCache, staleMs } from './recent-cache';

describe('RecentCache', () => {
  const setUp = (limit?: number) => {
    const state = { now: 1, stored: new Map([['a', 1]]), reads: 0 };
    const cache = new RecentCache(
      (key) => {
        state.reads += 1;
        return Promise.resolve(state.stored.get(key));
      },
      { limit, now: () => state.now },
    );
    return { state, cache };
  };

  it('answers what it read until that is stale, and then reads again', async () => {
    const { state, cache } = setUp();
    expect(await cache.get('a')).toBe(1);
    state.stored.delete('a');
    state.now += staleMs;
    expect(await cache.get('a')).toBe(1);
    state.now += 1;
    expect(await cache.get('a')).toBeUndefined();
  });

  it('reads once for callers that come together', async () => {
    const { state, cache } = setUp();
    await Promise.all([cache.get('a'), cache.get('a'), cache.get('a')]);
    expect(state.reads).toBe(1);
  });

  it('does not remember what is missing', async () => {
    const { state, cache } = setUp();
    expect(await cache.get('b')).toBeUndefined();
    state.stored.set('b', 2);
    expect(await cache.get('b')).toBe(2);
  });

  it('does not remember a failed read', async () => {
    let fail = true;
    const cache = new RecentCache(() => (fail ? Promise.reject(new Error('down')) : Promise.resolve(1)));
    await expect(cache.get('a')).rejects.toThrow('down');
    fail = false;
    expect(await cache.get('a')).toBe(1);
  });

  it('holds no more than its limit', async () => {
    const { state, cache } = setUp(1);
    state.stored.set('b', 2);
    await cache.get('a');
    await cache.get('b');
    await cache.get('a');
    expect(state.reads).toBe(3);
  });
});
