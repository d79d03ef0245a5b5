import { writeAppearance } from './appearance';
import { widthOf } from './font';

const at = new Date('2026-01-02T03:04:05Z');
const lines = (name: string) =>
  [...writeAppearance({ name, partialId: '567D' }, at, 0).matchAll(/\/F ([\d.]+) Tf 8 ([\d.]+) Td \((.*)\) Tj/g)].map(
    ([, size, y, text]) => ({ size: Number(size), y: Number(y), text: text! }),
  );

describe('the box of a signature', () => {
  it('names the signer and the time', () => {
    expect(lines('Tan Ah Kow').map(({ text }) => text)).toEqual([
      'Digitally signed by',
      'Tan Ah Kow',
      '2026-01-02 03:04:05 UTC',
    ]);
  });

  it.each([
    ['a short name', 'Li', 1],
    ['a long name', 'Muhammad Nur Iskandar Shah bin Abdullah Rahman', 2],
    ['a very long name', `${'Wolfgang '.repeat(12)}Müller`, 3],
    ['a name that is cut', `${'Wolfgang '.repeat(40)}Müller`, 3],
    ['a name without spaces', 'W'.repeat(300), 3],
    ['capitals', 'WWWWWWWW WWWWWWWW WWWWWWWW', 2],
  ])('holds %s', (_, name, count) => {
    const written = lines(name);
    expect(written).toHaveLength(2 + count);
    for (const { text, size, y } of written) {
      expect(widthOf(text, size)).toBeLessThanOrEqual(204.5);
      expect(y).toBeGreaterThan(2);
      expect(y + size).toBeLessThan(58);
    }
    written.slice(1).forEach((line, index) => {
      expect(written[index]!.y - line.y).toBeGreaterThanOrEqual(0.75 * line.size);
    });
  });

  it('shows all of a name that fits, and marks where one is cut', () => {
    const shown = (name: string) =>
      lines(name)
        .slice(1, -1)
        .map(({ text }) => text)
        .join(' ');
    const long = `${'Wolfgang '.repeat(12)}Amadeus`;
    expect(shown(long)).toBe(long);
    expect(shown(`${'Wolfgang '.repeat(40)}Amadeus`)).toMatch(/^(Wolfgang )+.*\x85$/);
  });

  it('says whose box it is where no letter of the name can be shown', () => {
    expect(lines('தமிழ்')[1]!.text).toBe('Holder of \x85567D');
  });
});
