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
