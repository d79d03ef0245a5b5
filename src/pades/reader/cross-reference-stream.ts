import { brokenCrossReference, free, type Entry, type EntrySink } from './section';
import { PdfArray, type PdfDictionary, type PdfValue } from './values';

/**
 * Reads the decoded data of a cross-reference stream; ISO 32000-2, 7.5.8.
 *
 * @throws PdfFault broken-cross-reference
 */
export function readStreamEntries(dictionary: PdfDictionary, data: Buffer, sink: EntrySink): void {
  const widths = integers(dictionary.get('W'));
  if (widths.length !== 3 || widths.some((width) => width > 8)) throw brokenCrossReference('a stream has a bad /W');
  const [typeWidth, secondWidth, thirdWidth] = widths as [number, number, number];
  const width = typeWidth + secondWidth + thirdWidth;
  const sections = integers(dictionary.get('Index') ?? new PdfArray([0, dictionary.get('Size')]));
  let at = 0;
  for (let section = 0; section < sections.length; section += 2) {
    const first = sections[section] as number;
    const count = sections[section + 1] ?? 0;
    if (width === 0 || at + count * width > data.length) throw brokenCrossReference('a stream is too short');
    for (let number = first; number < first + count; number += 1, at += width) {
      const type = typeWidth === 0 ? 1 : unsigned(data, at, typeWidth);
      const second = unsigned(data, at + typeWidth, secondWidth);
      sink(number, entry(type, second, unsigned(data, at + typeWidth + secondWidth, thirdWidth)));
    }
  }
}

/** Types that are not known yet denote objects that are not there. */
function entry(type: number, second: number, third: number): Entry {
  if (type === 1 && second > 0) return { kind: 'plain', offset: second, generation: third };
  if (type === 2) return { kind: 'compressed', stream: second, index: third };
  return free;
}

function unsigned(data: Buffer, at: number, width: number): number {
  let value = 0;
  for (let index = at; index < at + width; index += 1) value = value * 256 + (data[index] as number);
  return value;
}

function integers(value: PdfValue): number[] {
  if (!(value instanceof PdfArray)) throw brokenCrossReference('a stream lacks /W or /Index');
  return value.items.map((item) => {
    if (typeof item !== 'number' || !Number.isSafeInteger(item) || item < 0) {
      throw brokenCrossReference('a stream has a bad /W, /Index or /Size');
    }
    return item;
  });
}
