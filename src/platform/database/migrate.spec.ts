import { requireSupportedVersion } from './migrate';

describe('requireSupportedVersion', () => {
  it.each([130_000, 150_020, 170_010])('accepts %i', (version) => {
    expect(() => {
      requireSupportedVersion(version);
    }).not.toThrow();
  });

  it.each([120_022, 90_624])('refuses %i', (version) => {
    expect(() => {
      requireSupportedVersion(version);
    }).toThrow('13 or newer is needed');
  });
});
