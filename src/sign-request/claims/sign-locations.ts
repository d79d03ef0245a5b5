import { type SignLocation } from '../../pades/pages/placement';
import { SignRequestRefusal } from '../sign-request.errors';
import { type Claims, refuse } from './claim-reader';

const maxLocations = 20;
const decimals = 4;

/**
 * Where the signature shall stand: `sign_locations`, or the older `x`, `y` and `page` as one location.
 * @throws SignRequestRefusal INVALID_REQUEST when it is missing or ill-typed, INVALID_SIGN_LOCATION when out of range
 */
export function readSignLocations(claims: Claims): SignLocation[] {
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
