import { spawnSync } from 'node:child_process';

/**
 * Like `describe`, for tests that need other programs. Where one is missing they are skipped, and the log says so: a
 * machine without it still runs everything else.
 */
export function describeWith(programs: readonly string[], name: string, tests: () => void): void {
  const missing = programs.filter((program) => spawnSync(program, ['--version']).error !== undefined);
  if (missing.length === 0) {
    describe(name, tests);
    return;
  }
  console.warn(`Skipped “${name}”: ${missing.join(', ')} not found on this machine.`);
  describe.skip(`${name} (skipped: no ${missing.join(', ')})`, tests);
}

/** What a program wrote, to both of its outputs, and how it ended. */
export function run(program: string, parameters: readonly string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(program, parameters, { encoding: 'utf8' });
  return { status, output: stdout + stderr };
}
