import { inBatches } from './recurring-jobs';

describe('inBatches', () => {
  it('goes on until a batch is not full, and reports progress', async () => {
    let left = 25;
    let progress = 0;
    const taken: number[] = [];
    await inBatches(
      (size) => {
        const count = Math.min(size, left);
        left -= count;
        taken.push(count);
        return Promise.resolve(count);
      },
      10,
      () => (progress += 1),
    );
    expect(taken).toEqual([10, 10, 5]);
    expect(progress).toBe(2);
  });

  it('ends after a minute, even when more is left', async () => {
    let now = 0;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => now);
    let batches = 0;
    await inBatches(
      (size) => {
        now += 25_000;
        batches += 1;
        return Promise.resolve(size);
      },
      10,
      () => undefined,
    );
    clock.mockRestore();
    expect(batches).toBe(3);
  });
});
