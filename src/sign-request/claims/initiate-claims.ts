import { type SignLocation } from '../../pades/pages/placement';
import { type Claims, readText, refuse } from './claim-reader';
import { readSignLocations } from './sign-locations';

/** What a relying party asks for when it initiates a sign request. */
export interface InitiateClaims {
  readonly docName: string;
  readonly signLocations: readonly SignLocation[];
  /** Hex SHA-256 of the upper-cased NRIC or FIN of the one person who may sign; null: whoever is identified first. */
  readonly signerUinHash: string | null;
}

const maxNameLength = 255;

/** @throws SignRequestRefusal INVALID_REQUEST, INVALID_SIGN_LOCATION; the description names what was wrong */
export function readInitiateClaims(claims: Claims): InitiateClaims {
  return {
    docName: readText(claims, 'doc_name', maxNameLength),
    signLocations: readSignLocations(claims),
    signerUinHash: readSignerUinHash(claims.signer_uin_hash),
  };
}

function readSignerUinHash(value: unknown): string | null {
  if (value === undefined) return null;
  if (typeof value === 'string' && /^[\da-f]{64}$/i.test(value)) return value;
  return refuse('The claim signer_uin_hash must be a SHA-256 in hex');
}
