import { parser } from '../reader/parser';
import { amend, append, writeDictionary, writeNumber } from './syntax';

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
