import { Name } from '@peculiar/x509';

/** ITU-T X.520 allows a common name 64 characters. */
const commonNameCharacters = 64;

const serialNumber = '2.5.4.5';

/** Values go in as objects: the library reads a plain string as the syntax of names, in which a `+` or `"` has a meaning. */
export function distinguishedName(commonName: string, partialId?: string): Name {
  const cut = Array.from(commonName).slice(0, commonNameCharacters).join('');
  const name = [{ CN: [{ utf8String: cut }] }];
  return new Name(partialId === undefined ? name : [...name, { [serialNumber]: [{ utf8String: partialId }] }]);
}
