const deep = 10_000;
const invalidUtf8 = Buffer.from([0x7b, 0x22, 0x69, 0x64, 0x22, 0x3a, 0x22, 0xff, 0xfe, 0xc3, 0x28, 0x22, 0x7d]);

/** Bodies that no well-meaning client sends. */
export const hostileBodies: readonly (string | Buffer)[] = [
  ...['', 'null', 'true', '0', '"text"', '[]', '[{}]', '{}', '{', '{"a":1,}', 'NaN', '\u0000', '\ufeff{}'],
  '['.repeat(deep) + ']'.repeat(deep),
  '{"a":'.repeat(deep) + '0' + '}'.repeat(deep),
  '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
  '{"__proto__":null,"toString":1,"hasOwnProperty":1,"then":1,"length":1e9}',
  `{"id":"${'a'.repeat(100_000)}"}`,
  invalidUtf8,
];

/** Values in place of a good one. */
export const hostileValues: readonly unknown[] = [
  ...[null, true, 0, -1, 1.5, 1e308, [], {}, '', ' ', '\0', 'a\0b', '\ud800', '__proto__', '%00', '\u202e'],
  ...[['\0'], [[]], [null], { $gt: '' }, { toString: 1 }, `'; DROP TABLE tenant; --`, '../../etc/passwd'],
  'a'.repeat(60_000),
];

/** Segments of a path, as they are in the request line. */
export const hostileSegments: readonly string[] = [
  ...['%00', 'a%00b', '%ff', '%', '%2e%2e%2f', '%0d%0aX-Injected:1', '%20', '__proto__', '%F0%9F%98%80', `'%3B--`],
  'a'.repeat(100_000),
];

/** Queries that hold the parameter in every wrong way. */
export const hostileQueries = (name: string): string[] => [
  ...[`${name}=%00`, `${name}=%ff`, `${name}=a&${name}=b`, `${name}[a]=b`, `${name}[]=`, `${name}=-1`],
  `${name}=${'a'.repeat(50_000)}`,
];

/** Headers, names and values in turn; some are given twice. */
export const hostileHeaders: readonly (readonly string[])[] = [
  ['Authorization', 'Bearer a', 'Authorization', 'Bearer b'],
  ['Authorization', 'a'.repeat(100_000)],
  ['Authorization', `Bearer ${'a.'.repeat(50_000)}`],
  ['Authorization', 'Bearer \u00ff\u00fe'],
  ['x-tenant-token', 'a', 'x-tenant-token', 'b'],
  ['Content-Type', 'application/json', 'Content-Type', 'text/plain'],
  ['Content-Type', 'application/json; charset=utf-16'],
  ['Content-Encoding', 'gzip', 'Content-Type', 'application/json'],
  ['X-Request-Id', 'a b', 'X-Request-Id', 'c'],
  ['X-Request-Id', 'a'.repeat(129)],
  ['Idempotency-Key', '\u00ff', 'Idempotency-Key', 'b'],
  ['X-Forwarded-For', 'nonsense'],
];
