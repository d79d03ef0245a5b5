import { otpSteps } from './otp';
import { recallSteps } from './recall';
import { Recorder, UnexpectedAnswer } from './recorder';
import { signRequestSteps } from './sign-request';
import { signatureSteps } from './signature';

/**
 * Plays the main job against a running sandbox: makes one approval of each kind, calls each back, tries what must
 * be refused, ends three of one person by a recall, and prints what was answered. Ends with 1 when an answer is not the contract's.
 */
async function main(): Promise<void> {
  const url = (process.env.RESCIND_URL ?? 'http://localhost:3000').replace(/\/+$/, '');
  const recorder = new Recorder(url);
  for (const steps of [signRequestSteps, signatureSteps, otpSteps, recallSteps])
    try {
      await steps(recorder);
    } catch (error) {
      if (!(error instanceof UnexpectedAnswer)) throw error;
    }
  recorder.print();
  process.exitCode = recorder.deviations === 0 ? 0 : 1;
}

main().catch((error: unknown) => {
  process.stderr.write(`The demo needs a running sandbox: npm start, and RESCIND_URL where it is not on port 3000.\n`);
  const { message, cause } = error as Error;
  process.stderr.write(`${message}${cause instanceof Error ? `: ${cause.message}` : ''}\n`);
  process.exitCode = 1;
});
