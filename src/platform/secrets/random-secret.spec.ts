import { hashSecret, newDigits, newSecret, secretMatches } from './random-secret';

describe('random secrets', () => {
  it.each([4, 6, 10])('have %i digits, with zeros in front', (length) => {
    const codes = Array.from({ length: 1_000 }, () => newDigits(length));
    expect(codes.every((code) => code.length === length && /^\d+$/.test(code))).toBe(true);
    expect(codes.some((code) => code.startsWith('0'))).toBe(true);
  });

  it('match their own hash only', () => {
    const secret = newSecret();
    expect(secretMatches(secret, hashSecret(secret))).toBe(true);
    expect(secretMatches(newSecret(), hashSecret(secret))).toBe(false);
  });
});
