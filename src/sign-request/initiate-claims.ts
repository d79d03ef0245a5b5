import { type SignLocation } from '../pades/pages/placement';
import { SignRequestRefusal } from './sign-request.errors';

type Claims = Readonly<Record<string, unknown>>;

/** What a relying party asks for when it initiates a sign request. */
interface InitiateClaims {
  readonly docName: string;
  readonly signLocations: readonly SignLocation[];
  /** Hex SHA-256 of the upper-cased NRIC or FIN of the one person who may sign; null: the person who is identified first. */
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

const maxLocations = 20;
const decimals = 4;

/**
 * Where the signature is to be placed: `sign_locations`, or the older `x`, `y` and `page` as one location.
 * @throws SignRequestRefusal INVALID_REQUEST when it is missing or ill-typed, INVALID_SIGN_LOCATION when out of range
 */
function readSignLocations(claims: Claims): SignLocation[] {
  const { sign_locations: given, x, y, page } = claims;
  if (given === undefined && [x, y, page].some((each) => each !== undefined)) return [readLocation(claims, '')];
  if (given === undefined) refuse('The claim sign_locations is missing');
  if (!Array.isArray(given)) refuse('The claim sign_locations must be an array');
  if (given.length < 1 || given.length > maxLocations)
    outOfRange(`The claim sign_locations must have 1 to ${maxLocations} locations, not ${given.length}`);
  return given.map((each: unknown, index) => readLocation(each, `sign_locations[${index}].`));
}

function readLocation(value: unknown, path: string): SignLocation {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    refuse(`The claim ${path.slice(0, -1)} must be an object`);
  const { x, y, page } = value as Claims;
  return {
    x: readFraction(x, `${path}x`),
    y: readFraction(y, `${path}y`),
    page: readPage(page, `${path}page`),
  };
}

function readFraction(value: unknown, name: string): number {
  const fraction = readNumber(value, name);
  if (fraction < 0 || fraction >= 1) outOfRange(`${name} must be at least 0 and less than 1`);
  if (Number(fraction.toFixed(decimals)) !== fraction) outOfRange(`${name} must have at most ${decimals} decimals`);
  return fraction;
}

function readPage(value: unknown, name: string): number {
  const page = readNumber(value, name);
  if (!Number.isSafeInteger(page) || page < 1) outOfRange(`${name} must be a whole number from 1`);
  return page;
}

function readNumber(value: unknown, name: string): number {
  if (value === undefined) refuse(`The claim ${name} is missing`);
  if (typeof value !== 'number') refuse(`The claim ${name} must be a number`);
  return value;
}

function outOfRange(problem: string): never {
  throw new SignRequestRefusal('INVALID_SIGN_LOCATION', problem);
}

/** @throws SignRequestRefusal INVALID_REQUEST always */
function refuse(problem: string): never {
  throw new SignRequestRefusal('INVALID_REQUEST', problem);
}

/** A text claim of 1 to `maxLength` characters, none of them a control character. @throws SignRequestRefusal INVALID_REQUEST */
function readText(claims: Claims, name: string, maxLength: number): string {
  const value = claims[name];
  if (value === undefined) refuse(`The claim ${name} is missing`);
  if (typeof value !== 'string') refuse(`The claim ${name} must be a string`);
  if (value.trim() === '') refuse(`The claim ${name} must not be empty`);
  if (value.length > maxLength) refuse(`The claim ${name} must have at most ${maxLength} characters`);
  // Marks that turn the direction of writing would show a person another name than the one that was given.
  if (/\p{Cc}|\p{Cs}|\p{Bidi_Control}/u.test(value)) refuse(`The claim ${name} must not have control characters`);
  return value;
}
