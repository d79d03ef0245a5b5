import { isPrintable } from './printable';

describe('isPrintable', () => {
  it.each(['a', 'Ä 中 😀', 'https://login.example/realms/bank', 'x'.repeat(256)])('takes %j', (text) => {
    expect(isPrintable(text, 256)).toBe(true);
  });

  it.each([
    '',
    'x'.repeat(257),
    'nul\0',
    'line\nfeed',
    'delete\u007f',
    'high \ud83d',
    'low \ude00',
    7,
    null,
    undefined,
  ])('refuses %j', (value) => {
    expect(isPrintable(value, 256)).toBe(false);
  });
});
