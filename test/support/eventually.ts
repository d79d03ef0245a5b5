import { setTimeout as pause } from 'node:timers/promises';

/** Asks again and again until the answer is there. @throws Error when it is not within `withinSeconds` */
export async function eventually<Answer>(
  ask: () => Promise<Answer | undefined | false>,
  withinSeconds = 20,
): Promise<Answer> {
  const deadline = performance.now() + withinSeconds * 1000;
  while (performance.now() < deadline) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    await pause(20);
  }
  throw new Error(`It has not come about within ${withinSeconds} s`);
}
