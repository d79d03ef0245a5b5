import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';

/** A secret too random to be guessed: 32 bytes from a CSPRNG, in base64url. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** How such secrets are stored: SHA-256, 32 bytes. */
export const hashSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** Compares a presented secret with a stored hash in constant time. */
export const secretMatches = (secret: string, hash: Buffer): boolean => timingSafeEqual(hashSecret(secret), hash);

/** Whether a secret that may have an end is past it. */
export const isOver = ({ expiresAt }: { readonly expiresAt: Date | null }): boolean =>
  expiresAt !== null && expiresAt.getTime() <= Date.now();

/** Decimal digits from a CSPRNG, each code equally likely (`randomInt` draws again rather than taking a remainder). */
export const newDigits = (length: number): string => String(randomInt(10 ** length)).padStart(length, '0');
