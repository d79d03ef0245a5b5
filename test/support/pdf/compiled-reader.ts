import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { transformFileSync } from '@swc/core';

const source = join(__dirname, '../../../src/pades');

/** Compiles the PDF reader into a folder, so that processes load it at once. Answers the path of its `signable`. */
export function compileReader(folder: string): string {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((each) => each.endsWith('.ts') && !each.endsWith('.spec.ts'))) {
    const { code } = transformFileSync(join(source, file), {
      module: { type: 'commonjs' },
      jsc: { target: 'es2023', parser: { syntax: 'typescript', decorators: true } },
    });
    const compiled = join(folder, file.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(compiled), { recursive: true });
    writeFileSync(compiled, code);
  }
  return join(folder, 'signable.js');
}
