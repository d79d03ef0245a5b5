import { randomBytes } from 'node:crypto';

/** A secret too random to be guessed: 32 bytes from a CSPRNG, in base64url. */
export const newSecret = (): string => randomBytes(32).toString('base64url');
