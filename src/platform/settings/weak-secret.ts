/** Far below what 16 random bytes in hex show, and far above what a repeated word does. */
const enoughBits = 80;

/**
 * Why a secret may be guessed, undefined where nothing speaks for it. Judges what can be seen: repetition, sequences, few different
 * characters; whether it was really drawn at random cannot be.
 */
export function weaknessOf(secret: Buffer): string | undefined {
  const steps = Buffer.from(secret.subarray(1).map((byte, index) => byte - (secret[index] ?? 0)));
  const bits = Math.min(entropyBits(secret), entropyBits(steps));
  return bits < enoughBits ? `is too regular to be random (about ${Math.floor(bits)} bits)` : undefined;
}

/** Whether bytes are a typed phrase; random ones are never all printable. */
export function isText(bytes: Buffer): boolean {
  return bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
}

/** Shannon's, over single bytes, for each place where something new begins: a repeated word counts once. */
function entropyBits(bytes: Buffer): number {
  const counts = new Map<number, number>();
  for (const byte of bytes) counts.set(byte, (counts.get(byte) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / bytes.length) * Math.log2(count / bytes.length);
  const places = new Set(Array.from(bytes, (_, index) => bytes.toString('hex', index, index + 3)));
  return bits * places.size;
}
