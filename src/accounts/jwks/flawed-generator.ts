/** The first primes from 3 on, as far as the fingerprint needs them. */
const primes = [
  3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109, 113,
  127, 131, 137, 139, 149, 151, 157, 163, 167,
];
const generator = 65_537;

const powersModulo = new Map(primes.map((prime) => [prime, powersOf(generator % prime, prime)]));

/**
 * Whether an RSA modulus bears the fingerprint of the smart-card library that made factorable keys (ROCA, CVE-2017-15361): modulo
 * each small prime it is a power of 65537. Of other moduli one in 240 million does.
 * Source: Nemec et al., The Return of Coppersmith's Attack (CCS 2017), section 2.2.
 * @param modulus big-endian
 */
export function isOfFlawedGenerator(modulus: Buffer): boolean {
  return primes.every((prime) => powersModulo.get(prime)?.has(remainder(modulus, prime)));
}

function powersOf(base: number, prime: number): ReadonlySet<number> {
  const powers = new Set<number>();
  for (let power = 1; !powers.has(power); power = (power * base) % prime) powers.add(power);
  return powers;
}

function remainder(modulus: Buffer, prime: number): number {
  return modulus.reduce((rest, byte) => (rest * 256 + byte) % prime, 0);
}
