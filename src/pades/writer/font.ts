/** What WinAnsiEncoding, ISO 32000-2, annex D, has from 0x80 on where Latin-1 has control characters; NUL is nothing. */
const from80 = '€\0‚ƒ„…†‡ˆ‰Š‹Œ\0Ž\0\0‘’“”•–—˜™š›œ\0žŸ';

const bytes = new Map<string, number>(Array.from(from80, (character, index) => [character, 0x80 + index] as const));
bytes.delete('\0');
for (let byte = 0x20; byte <= 0xff; byte += 1) {
  if (byte < 0x7f || byte >= 0xa0) bytes.set(String.fromCharCode(byte), byte);
}

const ellipsis = '…';

/** Letters whose stroke or hook is a part of them, so that Unicode decomposes none of them, and what they are without. */
const unstruck = new Map(
  Array.from(
    'ŁLłlĐDđdıiĦHħhŦTŧtŊNŋnƵZƶzǤGǥgƗIɨiɄUʉuɆEɇeɎYɏyȺAⱥaɃBƀbȻCȼcƊDɗdƁBɓbƘKƙkƳYƴyƆOɔoƐEɛeƏEəeĸk'.matchAll(/(.)(.)/gu),
    ([, from, to]) => [from, to] as const,
  ),
);

/**
 * The text as bytes of WinAnsiEncoding, in Latin-1. Letters that it lacks lose their marks (ễ becomes e, ł l); each run of
 * characters for which nothing is left becomes one ellipsis.
 */
export function toWinAnsi(text: string): string {
  const shown = Array.from(text.normalize('NFC'), (character) =>
    bytes.has(character) ? character : (showable(character.normalize('NFKD')) ?? ellipsis),
  );
  const compact = shown.join('').replace(/…(\s*…)+/g, ellipsis);
  return Array.from(compact, (character) => String.fromCharCode(bytes.get(character) ?? 0x20)).join('');
}

function showable(decomposed: string): string | undefined {
  const kept = Array.from(decomposed, (character) => unstruck.get(character) ?? character)
    .filter((character) => bytes.has(character))
    .join('');
  return /[\p{L}\p{N}\p{P}\s]/u.test(kept) ? kept : undefined;
}

/** Widths of Helvetica's characters 32 to 126, in thousandths of the size; from Adobe's font metrics. */
const widths = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
  556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
  722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
  556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
  260, 334, 584,
];

/** No other character is wider. */
const widest = 1_000;

/** How wide a text in WinAnsiEncoding is, at most; a letter is as wide as it is without its marks. */
export function widthOf(text: string, size: number): number {
  const thousandths = Array.from(
    text.normalize('NFD').replace(/\p{M}/gu, ''),
    (character) => widths[character.charCodeAt(0) - 32] ?? widest,
  );
  return (thousandths.reduce((sum, width) => sum + width, 0) * size) / 1_000;
}
