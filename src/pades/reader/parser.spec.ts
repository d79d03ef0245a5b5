import { parser } from './parser';
import { PdfArray, type PdfDictionary, PdfName, PdfReference, PdfString } from './values';

const parse = (text: string) => parser(Buffer.from(text, 'latin1'), 0).value();
const text = (value: unknown) => (value as PdfString).bytes.toString('latin1');

describe('the parser of PDF values', () => {
  it.each([
    ['0', 0],
    ['+17', 17],
    ['-98', -98],
    ['34.5', 34.5],
    ['-.002', -0.002],
    ['4.', 4],
    ['true', true],
    ['false', false],
    ['null', null],
  ])('reads %s', (written, value) => {
    expect(parse(written)).toBe(value);
  });

  it.each([
    ['/Name1', 'Name1'],
    ['/A#20B', 'A B'],
    ['/', ''],
    ['/A#B', 'A#B'],
  ])('reads the name %s', (written, name) => {
    expect(parse(written)).toEqual(new PdfName(name));
  });

  it.each([
    ['(plain)', 'plain'],
    ['(with (balanced) parentheses)', 'with (balanced) parentheses'],
    ['(\\n\\r\\t\\b\\f\\(\\)\\\\)', '\n\r\t\b\f()\\'],
    ['(\\53\\0533\\5x)', '++3\x05x'],
    ['(one \\\nline, \\\r\none line)', 'one line, one line'],
    ['(\\q)', 'q'],
    ['<48656C6c 6F>', 'Hello'],
    ['<4>', '@'],
    ['<>', ''],
  ])('reads the string %j', (written, content) => {
    expect(text(parse(written))).toBe(content);
  });

  it('distinguishes references from numbers', () => {
    expect(parse('[1 0 R 2 0 3 0 R% comment\n4]')).toEqual(
      new PdfArray([new PdfReference(1, 0), 2, 0, new PdfReference(3, 0), 4]),
    );
  });

  it('keeps the bytes of each value of a dictionary', () => {
    const dictionary = parse('<< /A [1  2] /B/C /#44 (x\\)) >>') as PdfDictionary;
    expect(dictionary.get('D')).toEqual(new PdfString(Buffer.from('x)')));
    expect(dictionary.get('E')).toBeNull();
    expect([...dictionary.keys()].map((key) => [key, dictionary.source(key)])).toEqual([
      ['A', '[1  2]'],
      ['B', '/C'],
      ['D', '(x\\))'],
    ]);
  });

  it.each([
    '<< /A 1 /A 2 >>',
    '<< 1 2 >>',
    '(open',
    '<41',
    '<4G>',
    '[1',
    '<< /A',
    'nonsense',
    '1.2.3',
    '--1',
    '',
    '>>',
  ])('refuses %j', (written) => {
    expect(() => parse(written)).toThrow(expect.objectContaining({ fault: 'broken-object' }));
  });

  it('refuses what is nested too deeply or holds too much', () => {
    expect(() => parse('['.repeat(100) + ']'.repeat(100))).toThrow(expect.objectContaining({ fault: 'too-complex' }));
    expect(() => parse(`[${'1 '.repeat(300_001)}]`)).toThrow(expect.objectContaining({ fault: 'too-complex' }));
  });
});
