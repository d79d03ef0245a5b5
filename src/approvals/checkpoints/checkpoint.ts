import { createHash, type KeyObject, verify } from 'node:crypto';

/** What all of history and audit was at an instant, signed. Hashes are hexadecimal, instants UTC to the millisecond. */
export interface Checkpoint {
  /** From 1, without a gap. */
  readonly number: number;
  /** How many rows of history and audit there were. */
  readonly size: number;
  /** Of the Merkle tree over them (RFC 6962). */
  readonly root: string;
  readonly at: string;
  /** Every row from before this instant is among them; null until a database that had a history is counted through. */
  readonly completeUntil: string | null;
  /** Of the checkpoint before; null in the first. */
  readonly previousHash: string | null;
  /** The key's id. */
  readonly kid: string;
  /** Ed25519 over `signedText`, in base64url. */
  readonly signature: string;
}

export type UnsignedCheckpoint = Omit<Checkpoint, 'signature'>;

/** What is signed: these lines, joined by a line feed and with none at the end, an absent value being an empty line. */
export function signedText(checkpoint: UnsignedCheckpoint): string {
  const { number, size, root, at, completeUntil, previousHash, kid } = checkpoint;
  return ['rescind history checkpoint', number, size, root, at, completeUntil ?? '', previousHash ?? '', kid].join(
    '\n',
  );
}

/** By which the next checkpoint names this one: SHA-256 of what is signed. */
export function checkpointHash(checkpoint: UnsignedCheckpoint): string {
  return createHash('sha256').update(signedText(checkpoint)).digest('hex');
}

export function isSignedBy(publicKey: KeyObject, checkpoint: Checkpoint): boolean {
  const signature = Buffer.from(checkpoint.signature, 'base64url');
  return verify(null, Buffer.from(signedText(checkpoint)), publicKey, signature);
}
