import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(__dirname, 'made-by-others');

/** Names of the files that other programs have made, see the README beside them; the encrypted one left out. */
export const madeByOthers: readonly string[] = readdirSync(folder).filter(
  (name) => name.endsWith('.pdf') && !name.includes('encrypted'),
);

export function readMadeByOthers(name: string): Buffer {
  return readFileSync(join(folder, name));
}
