import { parser } from '../reader/parser';
import { type PdfString } from '../reader/values';
import { amend, append, writeDate, writeDictionary, writeNumber, writeText } from './syntax';

describe('writing values', () => {
  it.each([
    [0, '0'],
    [-1.5, '-1.5'],
    [220.50000004, '220.5'],
    [1e-9, '0'],
    [0.000001, '0.000001'],
    [123456.7654321, '123456.765432'],
  ])('writes %d as %s', (value, written) => {
    expect(writeNumber(value)).toBe(written);
  });

  it('keeps what it does not change, byte for byte', () => {
    const source = '<< /A [1   2] /B (x) /__proto__ 7 /Sp#20ace << /C /#23 >> >>';
    const dictionary = parser(Buffer.from(source), 0).dictionary();
    const amended = parser(Buffer.from(amend(dictionary, { B: '(y)', D: 'true' })), 0).dictionary();
    expect([...amended.keys()]).toEqual(['A', 'B', '__proto__', 'Sp ace', 'D']);
    expect(['A', 'B', '__proto__', 'Sp ace', 'D'].map((key) => amended.source(key))).toEqual([
      '[1   2]',
      '(y)',
      '7',
      '<< /C /#23 >>',
      'true',
    ]);
  });

  it('lengthens arrays, also after a comment', () => {
    expect(append('[1 % ]\n]', '2')).toBe('[1 % ]\n\n2]');
    expect(append('[]', '2 0 R')).toBe('[\n2 0 R]');
  });

  it('escapes names', () => {
    expect(writeDictionary({ 'a b(c)#é': '1' })).toBe('<<\n/a#20b#28c#29#23#e9 1\n>>');
  });
});

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
