import { spawnSync } from 'node:child_process';
import { chromiumPath } from './browser';

/** The programs that judge what we make. Continuous integration must have them: without them its green says little. */
const judges = ['pdfsig', 'pdftotext', 'pdftoppm', 'qpdf', 'openssl', 'chromium'];

const isMissing = (program: string): boolean =>
  program === 'chromium' ? chromiumPath === undefined : spawnSync(program, ['--version']).error !== undefined;

/**
 * Like `describe`, for tests that need other programs. Where one is missing they are skipped, and the log says so: a
 * machine without it still runs everything else. With `CI=true` a missing judge fails instead.
 */
export function describeWith(programs: readonly string[], name: string, tests: () => void): void {
  const missing = programs.filter(isMissing);
  if (missing.length === 0) {
    describe(name, tests);
    return;
  }
  const reason = `${missing.join(', ')} not found on this machine`;
  if (process.env.CI === 'true' && missing.some((program) => judges.includes(program))) {
    describe(name, () => {
      it('has its judges', () => {
        throw new Error(reason);
      });
    });
    return;
  }
  console.warn(`Skipped “${name}”: ${reason}.`);
  describe.skip(`${name} (skipped: ${reason})`, tests);
}

/** What a program wrote, to both of its outputs, and how it ended. */
export function run(program: string, parameters: readonly string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(program, parameters, { encoding: 'utf8' });
  return { status, output: stdout + stderr };
}
