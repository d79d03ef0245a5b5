import { parser } from '../reader/parser';
import { type PdfString } from '../reader/values';
import { writeDate, writeText } from './text';

const read = (source: string) => (parser(Buffer.from(source, 'latin1'), 0).value() as PdfString).bytes;

describe('text strings', () => {
  it.each(['Tan Ah Kow', 'a \\ b', '(balanced) and )not(', ''])('are ASCII where they can be: %j', (text) => {
    expect(read(writeText(text)).toString('ascii')).toBe(text);
  });

  it.each(['陈大文', 'Nguyễn', 'née', '😀', 'a\nb'])('are UTF-16BE otherwise: %j', (text) => {
    expect(new TextDecoder('utf-16be').decode(read(writeText(text)))).toBe(text);
    expect(read(writeText(text)).subarray(0, 2)).toEqual(Buffer.from([0xfe, 0xff]));
  });

  it('are dates in UTC', () => {
    expect(writeDate(new Date('2026-01-02T03:04:05.678Z'))).toBe('(D:20260102030405Z)');
  });
});
