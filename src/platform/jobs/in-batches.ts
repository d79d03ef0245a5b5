/** How long one run may take, in milliseconds: half of what a job may be held (`RecurringJobs`). */
const atMostMs = 60_000;

/**
 * Housekeeping in small transactions: `batch` is done again until it finds less than `size`, for a minute at most;
 * the rest is for the next run.
 * @param batch handles at most `size` rows and answers how many it found
 * @param progress called after each batch
 */
export async function inBatches(
  batch: (size: number) => Promise<number>,
  size: number,
  progress: () => void,
): Promise<void> {
  const end = performance.now() + atMostMs;
  while ((await batch(size)) === size && performance.now() < end) progress();
}
