import { inBatches } from './in-batches';

describe('inBatches', () => {
  it('goes on until there is no whole batch left', async () => {
    let left = 25;
    const taken: number[] = [];
    await inBatches((size) => {
      const count = Math.min(size, left);
      left -= count;
      taken.push(count);
      return Promise.resolve(count);
    }, 10);
    expect(taken).toEqual([10, 10, 5]);
  });

  it('ends after a minute, however much there is', async () => {
    let now = 0;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => now);
    let batches = 0;
    await inBatches((size) => {
      now += 25_000;
      batches += 1;
      return Promise.resolve(size);
    });
    clock.mockRestore();
    expect(batches).toBe(3);
  });
});
