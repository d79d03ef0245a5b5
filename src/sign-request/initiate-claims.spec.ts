import { readInitiateClaims } from './initiate-claims';
import { SignRequestRefusal } from './sign-request.errors';

const location = { x: 0.1, y: 0.25, page: 1 };
const hash = 'ab'.repeat(32);
const sound = { doc_name: 'Lease.pdf', sign_locations: [location] };

const refusalOf = (claims: object): { code: string; message: string } => {
  try {
    readInitiateClaims({ ...claims });
  } catch (error) {
    if (error instanceof SignRequestRefusal) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error('The claims were accepted');
};

describe('the claims of initiate', () => {
  it('are read', () => {
    expect(readInitiateClaims({ ...sound, signer_uin_hash: hash.toUpperCase() })).toEqual({
      docName: 'Lease.pdf',
      signLocations: [location],
      signerUinHash: hash.toUpperCase(),
    });
  });

  it('refuse a name that would be shown as another', () => {
    expect(refusalOf({ ...sound, doc_name: 'lease\u202efdp.exe' })).toEqual({
      code: 'INVALID_REQUEST',
      message: 'The claim doc_name must not have control characters',
    });
  });

  it('may leave the signer open', () => {
    expect(readInitiateClaims(sound).signerUinHash).toBeNull();
  });

  it('may have the older form of one location', () => {
    expect(readInitiateClaims({ doc_name: 'a', ...location }).signLocations).toEqual([location]);
  });

  it.each([0, 0.9999, 0.1234, 1 / 8])('may place a box at %p', (x) => {
    expect(readInitiateClaims({ doc_name: 'a', sign_locations: [{ ...location, x }] }).signLocations[0]?.x).toBe(x);
  });

  it('may have twenty locations', () => {
    const sign_locations = Array.from({ length: 20 }, () => location);
    expect(readInitiateClaims({ ...sound, sign_locations }).signLocations).toHaveLength(20);
  });

  const malformed: [string, object, string][] = [
    ['no name', { doc_name: undefined }, 'The claim doc_name is missing'],
    ['a number for a name', { doc_name: 7 }, 'The claim doc_name must be a string'],
    ['an empty name', { doc_name: ' ' }, 'The claim doc_name must not be empty'],
    ['a long name', { doc_name: 'a'.repeat(256) }, 'The claim doc_name must have at most 255 characters'],
    ['a NUL in the name', { doc_name: 'a\0' }, 'The claim doc_name must not have control characters'],
    ['half a character in the name', { doc_name: '\ud800' }, 'The claim doc_name must not have control characters'],
    ['no location', { sign_locations: undefined }, 'The claim sign_locations is missing'],
    ['null for locations', { sign_locations: null }, 'The claim sign_locations must be an array'],
    ['an object for locations', { sign_locations: location }, 'The claim sign_locations must be an array'],
    ['an array for a location', { sign_locations: [[]] }, 'The claim sign_locations[0] must be an object'],
    ['a text for x', { sign_locations: [{ ...location, x: '0' }] }, 'The claim sign_locations[0].x must be a number'],
    ['no page', { sign_locations: [location, { x: 0, y: 0 }] }, 'The claim sign_locations[1].page is missing'],
    ['half the older form', { sign_locations: undefined, x: 0, page: 1 }, 'The claim y is missing'],
    ['a short hash', { signer_uin_hash: 'ab' }, 'The claim signer_uin_hash must be a SHA-256 in hex'],
    ['a null hash', { signer_uin_hash: null }, 'The claim signer_uin_hash must be a SHA-256 in hex'],
  ];
  it.each(malformed)('must not have %s', (_, change, message) => {
    expect(refusalOf({ ...sound, ...change })).toEqual({ code: 'INVALID_REQUEST', message });
  });

  const outside: [string, unknown, string][] = [
    ['none', [], 'The claim sign_locations must have 1 to 20 locations, not 0'],
    ['21', Array.from({ length: 21 }, () => location), 'The claim sign_locations must have 1 to 20 locations, not 21'],
    ['x = 1', [{ ...location, x: 1 }], 'sign_locations[0].x must be at least 0 and less than 1'],
    ['y < 0', [{ ...location, y: -0.1 }], 'sign_locations[0].y must be at least 0 and less than 1'],
    ['five decimals', [{ ...location, x: 0.12345 }], 'sign_locations[0].x must have at most 4 decimals'],
    ['page 0', [location, { ...location, page: 0 }], 'sign_locations[1].page must be a whole number from 1'],
    ['page 1.5', [{ ...location, page: 1.5 }], 'sign_locations[0].page must be a whole number from 1'],
    ['a huge page', [{ ...location, page: 1e300 }], 'sign_locations[0].page must be a whole number from 1'],
  ];
  it.each(outside)('must not have locations out of range: %s', (_, sign_locations, message) => {
    expect(refusalOf({ ...sound, sign_locations })).toEqual({ code: 'INVALID_SIGN_LOCATION', message });
  });
});
