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
