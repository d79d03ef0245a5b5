import { createHash, type KeyObject } from 'node:crypto';
import { verify } from 'jsonwebtoken';
import { readCompactToken } from '../../platform/auth/compact-token';
import { clockSkewSeconds } from '../../platform/auth/jwt-strategy';

/** What a device must have signed. */
export interface SignedTransaction {
  readonly transactionId: string;
  readonly userId: string;
  /** The text that its user was shown. */
  readonly message: string;
}

/**
 * Whether this is a compact JWS by the device's key (ES256) over `{transactionId, userId, messageSha256, iat}` of this very
 * transaction, where `messageSha256` is the hex SHA-256 of the message in UTF-8.
 */
export function isSignedBy(key: KeyObject, signature: string, signed: SignedTransaction): boolean {
  const read = readCompactToken(signature);
  if (read?.header.alg !== 'ES256' || !isOver(signed, read.claims)) return false;
  try {
    verify(signature, key, { algorithms: ['ES256'] });
    return true;
  } catch {
    return false;
  }
}

function isOver(
  { transactionId, userId, message }: SignedTransaction,
  claims: Readonly<Record<string, unknown>>,
): boolean {
  const messageSha256 = createHash('sha256').update(message).digest('hex');
  return (
    claims.transactionId === transactionId &&
    claims.userId === userId &&
    claims.messageSha256 === messageSha256 &&
    typeof claims.iat === 'number' &&
    claims.iat <= Date.now() / 1000 + clockSkewSeconds
  );
}
