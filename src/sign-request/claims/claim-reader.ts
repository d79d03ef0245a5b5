import { SignRequestRefusal } from '../sign-request.errors';

export type Claims = Readonly<Record<string, unknown>>;

/** @throws SignRequestRefusal INVALID_REQUEST always */
export function refuse(problem: string): never {
  throw new SignRequestRefusal('INVALID_REQUEST', problem);
}

/** A text claim of 1 to `maxLength` characters, none of them a control character. @throws SignRequestRefusal INVALID_REQUEST */
export function readText(claims: Claims, name: string, maxLength: number): string {
  const value = claims[name];
  if (value === undefined) refuse(`The claim ${name} is missing`);
  if (typeof value !== 'string') refuse(`The claim ${name} must be a string`);
  if (value.trim() === '') refuse(`The claim ${name} must not be empty`);
  if (value.length > maxLength) refuse(`The claim ${name} must have at most ${maxLength} characters`);
  // Marks that turn the direction of writing would show a person another name than the one that was given.
  if (/\p{Cc}|\p{Cs}|\p{Bidi_Control}/u.test(value)) refuse(`The claim ${name} must not have control characters`);
  return value;
}
