import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';

const root = join(__dirname, '..');
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
  .map((file) => ({ file: file.split(sep).join('/'), text: readFileSync(join(root, file), 'utf8') }));

const found = (pattern: RegExp, ending: string): string[] =>
  sources
    .filter(({ file }) => file.endsWith(ending))
    .flatMap(({ text }) => [...text.matchAll(pattern)].map(([, name]) => name!));

const tables = found(/^ {2}approval: '(\w+)',$/gm, '.lifecycle.ts');
const entities = tables.flatMap((table) =>
  found(new RegExp(`@Entity\\(\\{ name: '${table}' \\}\\)[^]*?class (\\w+)`, 'g'), '.entity.ts'),
);

/** Each way in which code could begin an approval or change its state without the engine. */
const waysAround = [
  new RegExp(`\\binsert\\s+into\\s+(${tables.join('|')})\\b`, 'i'),
  new RegExp(`\\bupdate\\s+(${tables.join('|')})\\b[^;\`]*?\\bset\\b[^;\`]*?\\bstatus\\s*=`, 'i'),
  new RegExp(`\\bdo\\s+update\\s+set\\b[^;\`]*?\\bstatus\\s*=`, 'i'),
  new RegExp(`\\.(insert|save|update|upsert|merge)\\(\\s*(${entities.join('|')})\\b`),
  new RegExp(`\\bRepository<(${entities.join('|')})>`),
  /\b(set|values)\s*:\s*\{[^}]*\bstatus\b/,
];

const goesAround = (text: string): boolean => waysAround.some((way) => way.test(text));

describe('The state of an approval', () => {
  it('is written by the engine alone', () => {
    expect(tables).toEqual(expect.arrayContaining(['otp', 'sign_request', 'signature']));
    expect(entities).toHaveLength(tables.length);
    const writers = sources.filter(({ file, text }) => !file.startsWith('approvals/') && goesAround(text));
    expect(writers.map(({ file }) => file)).toEqual([]);
  });

  it.each([
    `INSERT INTO otp (tenant_id, id, status) VALUES (:tenantId, :id, 'verified')`,
    `UPDATE otp SET attempts = 0,\n  status = 'pending' WHERE id = :id`,
    `UPDATE signature AS s SET status = 'confirmed'`,
    `INSERT INTO other (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET status = 'pending'`,
    `await manager.update(Otp, { id }, { status: 'cancelled' })`,
    `await manager.insert(\n  Signature,\n  row)`,
    `constructor(private readonly rows: Repository<SignRequest>) {}`,
    `prepareMove(otpLifecycle, { moves: [{ move: 'verify', set: { status: "'verified'" } }] })`,
  ])('cannot be written unnoticed by %j', (text) => {
    expect(goesAround(text)).toBe(true);
  });

  it.each([
    `SELECT status FROM otp WHERE status = 'pending'`,
    `UPDATE otp SET sealed = NULL WHERE id = :id`,
    `response.status(status)`,
  ])('may be read, and other things written: %j', (text) => {
    expect(goesAround(text)).toBe(false);
  });
});
