import { arrange, lockingStatement, statement } from './statement';

const compile = (source: string) => statement('test', source);

describe('statement', () => {
  it('numbers its parameters in the order they first appear in', () => {
    expect(compile('SELECT :b, :a, :b')).toEqual({
      name: 'test',
      text: 'SELECT $1, $2, $1',
      parameters: ['b', 'a'],
    });
  });

  it.each([
    ['a cast', `SELECT now()::text, '1'::int`],
    ['a string', `SELECT ':a'`],
    ['a string with a doubled quote', `SELECT 'it''s :a'`],
    ['a string with escapes', `SELECT E'it\\'s :a'`],
    ['a quoted identifier', `SELECT 1 AS ":a"`],
    ['a dollar-quoted string', `SELECT $$ :a $$, $body$ :a $$ :a $body$`],
    ['a comment', `SELECT 1 -- :a\n/* :a\n :a */`],
    ['an array slice', `SELECT '{1,2}'::int[] [1:2]`],
  ])('leaves %s alone', (_, source) => {
    expect(compile(source)).toEqual({ name: 'test', text: source, parameters: [] });
  });

  it('finds a parameter right after what it leaves alone', () => {
    expect(compile(`SELECT ':x', :a::text, 'y'||:b -- :c\n, :d`).text).toBe(
      `SELECT ':x', $1::text, 'y'||$2 -- :c\n, $3`,
    );
  });

  it('takes names of 63 bytes, and refuses longer ones and none', () => {
    expect(statement('n'.repeat(63), 'SELECT 1').name).toHaveLength(63);
    expect(() => statement('n'.repeat(64), 'SELECT 1')).toThrow(RangeError);
    expect(() => statement('é'.repeat(32), 'SELECT 1')).toThrow(RangeError);
    expect(() => statement('', 'SELECT 1')).toThrow(RangeError);
  });
});

describe('lockingStatement', () => {
  const atOnce = (source: string) => lockingStatement('test', source, 'true').locks?.atOnce.text;

  it.each(['FOR UPDATE', 'FOR UPDATE OF otp', 'FOR SHARE', 'FOR SHARE OF device'])('does not wait for %s', (lock) => {
    expect(atOnce(`(SELECT 1 FROM a ${lock})`)).toBe(`(SELECT 1 FROM a ${lock} NOWAIT)`);
  });

  it.each(['FOR UPDATE SKIP LOCKED', 'FOR UPDATE OF otp SKIP LOCKED'])('leaves %s as it is', (lock) => {
    expect(atOnce(`SELECT 1 FROM a ${lock}`)).toBe(`SELECT 1 FROM a ${lock}`);
  });
});

describe('arrange', () => {
  const two = compile('SELECT :a, :b');

  it('puts the values in the order of the parameters', () => {
    expect(arrange(two, { b: null, a: 1 })).toEqual([1, null]);
  });

  it.each([[{ a: 1 }], [{ a: 1, b: undefined }]])('refuses values in which one is missing', (values) => {
    expect(() => arrange(two, values)).toThrow(new TypeError('Statement test needs a value for :b'));
  });

  it('refuses a value that no parameter asks for', () => {
    expect(() => arrange(two, { a: 1, b: 2, c: 3 })).toThrow(new TypeError('Statement test has no parameter :c'));
  });

  it('does not take what every object inherits for a value', () => {
    expect(() => arrange(compile('SELECT :toString'), {})).toThrow(TypeError);
  });
});
