/**
 * Waits for `work`, but not beyond the signal; the work itself goes on unheard.
 * @throws what `work` throws, or `reason` when the signal comes first
 */
export async function unlessAborted<Result>(
  work: Promise<Result>,
  signal: AbortSignal,
  reason: Error,
): Promise<Result> {
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => {
      reject(reason);
    };
    signal.addEventListener('abort', stop);
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    // A signal that lives long must not keep everything that was ever waited for.
    signal.removeEventListener('abort', stop);
  }
}
