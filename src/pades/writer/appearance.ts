import type { PageArea } from '../pages/page-area';
import { boxHeightPoints, boxWidthPoints } from '../pages/placement';
import type { Signer } from '../signable';
import { toWinAnsi, widthOf } from './font';
import { type Source, writeBytes, writeDictionary, writeNumber, writeStream } from './syntax';

const margin = 8;
/** From large to small, with how many lines of each there is room for. */
const nameSizes = [
  { size: 13, lineCount: 1 },
  { size: 11, lineCount: 2 },
  { size: 9.5, lineCount: 2 },
  { size: 8, lineCount: 3 },
] as const;

/** Turns the box with the page, so that it reads upright when the page is shown. */
const matrices: Record<PageArea['rotation'], Source> = {
  0: '[1 0 0 1 0 0]',
  90: '[0 1 -1 0 0 0]',
  180: '[-1 0 0 -1 0 0]',
  270: '[0 -1 1 0 0 0]',
};

/** The form XObject of a signature's box, ISO 32000-2, 12.5.5; Helvetica needs no embedding. */
export function writeAppearance(signer: Signer, signedAt: Date, rotation: PageArea['rotation']): Source {
  const font = writeDictionary({
    Type: '/Font',
    Subtype: '/Type1',
    BaseFont: '/Helvetica',
    Encoding: '/WinAnsiEncoding',
  });
  return writeStream(
    {
      Type: '/XObject',
      Subtype: '/Form',
      BBox: `[0 0 ${boxWidthPoints} ${boxHeightPoints}]`,
      Matrix: matrices[rotation],
      Resources: writeDictionary({ Font: writeDictionary({ F: font }) }),
    },
    content(signer, signedAt),
  );
}

/** The time of the signature as the box shows it. */
export function formatTime(date: Date): string {
  return `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

function content(signer: Signer, signedAt: Date): Source {
  const { lines, size } = fit(nameShown(signer));
  const middle = boxHeightPoints / 2 + ((lines.length - 1) * size * 1.1) / 2 - size * 0.3;
  return [
    `q 1 g 0.45 G 0.75 w 0.5 0.5 ${boxWidthPoints - 1} ${boxHeightPoints - 1} re B Q`,
    line('Digitally signed by', 7.5, boxHeightPoints - 13, '0.35 g'),
    ...lines.map((text, index) => line(text, size, middle - index * size * 1.1, '0 g')),
    line(formatTime(signedAt), 7.5, 7.5, '0.35 g'),
  ].join('\n');
}

function line(text: string, size: number, y: number, color: Source): Source {
  return `BT ${color} /F ${writeNumber(size)} Tf ${margin} ${writeNumber(y)} Td ${writeBytes(text)} Tj ET`;
}

function nameShown({ name, partialId }: Signer): string {
  const shown = toWinAnsi(name).trim();
  return /[\p{L}\p{N}]/u.test(shown) ? shown : toWinAnsi(`Holder of …${partialId}`);
}

/** The largest size at which the name fits; one that fits at none is cut at the end of the last line. */
function fit(name: string): { lines: string[]; size: number } {
  const width = boxWidthPoints - 2 * margin;
  for (const { size, lineCount } of nameSizes) {
    const lines = wrap(name, (text) => widthOf(text, size) <= width);
    if (lines.length <= lineCount && lines.join(' ') === name.split(/\s+/).join(' ')) return { lines, size };
  }
  const { size, lineCount } = nameSizes[3];
  const fits = (text: string): boolean => widthOf(text, size) <= width;
  const lines = wrap(name, fits);
  if (lines.length <= lineCount) return { lines, size };
  let last = lines.slice(lineCount - 1).join(' ');
  while (!fits(`${last}\x85`)) last = last.slice(0, -1);
  return { lines: [...lines.slice(0, lineCount - 1), `${last}\x85`], size };
}

/** Breaks between words, and within one that is too long for a line of its own. */
function wrap(text: string, fits: (text: string) => boolean): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && fits(`${last} ${word}`)) lines.splice(-1, 1, `${last} ${word}`);
    else lines.push(...pieces(word, fits));
  }
  return lines;
}

function pieces(word: string, fits: (text: string) => boolean): string[] {
  const made: string[] = [];
  let piece = '';
  for (const character of word) {
    if (!fits(piece + character)) {
      made.push(piece);
      piece = '';
    }
    piece += character;
  }
  return [...made, piece];
}
