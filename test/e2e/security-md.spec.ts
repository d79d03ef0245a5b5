import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');
const text = readFileSync(join(root, 'SECURITY.md'), 'utf8');

/** The file of each label: `[vault]: src/…`. */
const paths = new Map([...text.matchAll(/^\[([^\]]+)\]: (\S+)$/gm)].map(([, label, path]) => [label!, path!]));
/** The labels in the text, each with the titles in “quotes” that follow it. */
const mentions = [...text.matchAll(/\[([^\]\n]+)\](?![(:])((?:,? “[^”]+”)*)/g)].map(([, label, quotes]) => ({
  label: label!,
  titles: [...quotes!.matchAll(/“([^”]+)”/g)].map(([, title]) => title!),
}));

describe('SECURITY.md', () => {
  it('names files that there are', () => {
    expect(paths.size).toBeGreaterThan(100);
    expect([...paths.values()].filter((path) => !existsSync(join(root, path)))).toEqual([]);
    expect([...new Set(mentions.map(({ label }) => label))].sort()).toEqual([...paths.keys()].sort());
  });

  it('quotes tests that there are', () => {
    const quoted = mentions.filter(({ titles }) => titles.length > 0);
    expect(quoted.length).toBeGreaterThan(100);
    const contentOf = (label: string): string => {
      const path = join(root, paths.get(label) ?? 'nothing');
      return existsSync(path) && statSync(path).isFile() ? readFileSync(path, 'utf8') : '';
    };
    const missing = quoted.flatMap(({ label, titles }) => {
      const content = contentOf(label);
      return titles.filter((title) => !content.includes(title)).map((title) => `${label}: ${title}`);
    });
    expect(missing).toEqual([]);
  });
});
