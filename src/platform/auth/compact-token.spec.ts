import { readCompactToken } from './compact-token';

const encode = (part: string | Buffer) => Buffer.from(part).toString('base64url');
const header = '{"alg":"ES256","kid":"k1"}';
const claims = '{"client_id":"test-client-id","iat":1760074491}';
const signature = encode(Buffer.alloc(64, 7));

/** A token of these parts, well-formed where nothing else is said. */
function token(parts: { header?: string | Buffer; claims?: string | Buffer } = {}): string {
  return `${encode(parts.header ?? header)}.${encode(parts.claims ?? claims)}.${signature}`;
}

describe('readCompactToken', () => {
  it('reads the header and the claims', () => {
    expect(readCompactToken(token())).toEqual({
      header: { alg: 'ES256', kid: 'k1' },
      claims: { client_id: 'test-client-id', iat: 1760074491 },
    });
  });

  it('reads the example token of the sign request documentation', () => {
    const example =
      'eyJhbGciOiJFUzI1NiIsImtpZCI6InBUaHpVbl9JNVJXZzcyQWEyUzI1LXhoRG0wRzBNWjNSN3FpWUdyYmVmT0EifQ.' +
      'eyJjbGllbnRfaWQiOiJ0ZXN0LWNsaWVudC1pZCIsInJlcXVlc3RfaWQiOiJzaWdudjMtMDE5OWNjOWMtOGI3Yy03MGRmLWIyOWItMzk4NDNhMTBjMzMyIiwiaWF0IjoxNzYwMDc0NDkxLCJleHAiOjE3NjAwNzQ2MTF9.' +
      '-mf63KNiCCKNuVgAwn7OL4Lv7vnZ9fvPT5Pm2lCWQn36k6SK5jkBm8Iwonr0Yg5cTb1Jf2T1DK5aG_1VzYkqig';
    expect(readCompactToken(example)?.claims).toMatchObject({ client_id: 'test-client-id', exp: 1760074611 });
  });

  it.each([
    ['nothing', ''],
    ['one part', 'abcd'],
    ['two parts', token().split('.').slice(0, 2).join('.')],
    ['four parts', `${token()}.${signature}`],
    ['five parts, as of an encrypted token', `${token()}.${signature}.${signature}`],
    ['no header', `.${encode(claims)}.${signature}`],
    ['no claims, as of a detached payload', `${encode(header)}..${signature}`],
    ['no signature', `${encode(header)}.${encode(claims)}.`],
    ['padding', `${token()}==`],
    ['a line feed at the end', `${token()}\n`],
    ['a space in front', ` ${token()}`],
    ['a space inside', token().replace('.', '. ')],
    ['the alphabet of plain base64', token({ claims: '{"a":"???>>>"}' }).replace(/[-_]/g, '+')],
    ['a character outside the alphabet', token().replace('.', '!.')],
    ['stray bits in the last character', `${encode(header)}.${encode(claims)}.AB`],
    ['a length that no bytes encode to', `${encode(header)}.${encode(claims)}.AAAAA`],
    ['a scheme', `Bearer ${token()}`],
    ['more than 8 KiB', token({ claims: JSON.stringify({ a: 'x'.repeat(8192) }) })],
  ])('refuses %s', (_, text) => {
    expect(readCompactToken(text)).toBeUndefined();
  });

  it.each([
    ['no JSON', 'alg: none'],
    ['an array', '["alg"]'],
    ['null', 'null'],
    ['a string', '"alg"'],
    ['a number', '1'],
    ['something after the object', '{"a":1} {}'],
    ['a byte order mark', '\ufeff{"a":1}'],
    ['UTF-16', Buffer.from('{"a":1}', 'utf16le')],
    ['a byte that is not UTF-8', Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d])],
    ['an overlong encoding', Buffer.from([0x7b, 0x22, 0xc1, 0xa1, 0x22, 0x3a, 0x31, 0x7d])],
    ['a name twice', '{"a":1,"a":1}'],
    ['a name twice, once escaped', '{"alg":1,"\\u0061lg":2}'],
    ['a name twice, deep inside', '{"a":[{"b":{"c":1 , "c" :2}}]}'],
    ['__proto__ twice', '{"__proto__":1,"__proto__":2}'],
  ])('refuses %s as header or claims', (_, part) => {
    expect(readCompactToken(token({ header: part }))).toBeUndefined();
    expect(readCompactToken(token({ claims: part }))).toBeUndefined();
  });

  it.each(['{"alg":"ES256","crit":["exp"],"exp":1}', '{"alg":"ES256","crit":[]}', '{"alg":"ES256","b64":true}'])(
    'refuses the header %s',
    (extended) => {
      expect(readCompactToken(token({ header: extended }))).toBeUndefined();
    },
  );

  it('leaves members of these names in the claims alone', () => {
    expect(readCompactToken(token({ claims: '{"crit":1,"b64":false}' }))?.claims).toEqual({ crit: 1, b64: false });
  });

  it.each([
    ['strings that look like names', '{"a":"\\"b\\":1, \\"a\\":","c":["a","a"]}'],
    ['a backslash before the closing quote', '{"a\\\\":1,"b":"\\\\"}'],
    ['the same name in different objects', '{"a":{"a":[{"a":1},{"a":2}]}}'],
    ['white space everywhere', ' {\n"a" :\t[ 1 , { "b" : null } ]\r} '],
    ['text beyond ASCII', '{"näme":"😀"}'],
    ['an empty object', '{}'],
  ])('accepts %s', (_, part) => {
    expect(readCompactToken(token({ claims: part }))?.claims).toEqual(JSON.parse(part));
  });

  it('keeps a member named __proto__ from reaching any prototype', () => {
    const read = readCompactToken(token({ claims: '{"__proto__":{"client_id":"other"}}' }));
    expect(read?.claims.client_id).toBeUndefined();
  });

  it('withstands the deepest nesting that fits', () => {
    const depth = 2900;
    const nested = `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    expect(readCompactToken(token({ claims: nested }))).toBeDefined();
  });
});
