import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { isEmail } from 'class-validator';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { Vault } from '../../platform/secrets/vault';

/** What a person is known by besides a user id. */
export const identifierKinds = ['email', 'telephone', 'signer'] as const;
export type IdentifierKind = (typeof identifierKinds)[number];

/** An identifier as it is kept: what it is found by, and what may be shown of it. */
export interface KeptIdentifier {
  readonly kind: IdentifierKind;
  readonly hash: Buffer;
  readonly masked: string;
}

/** The one spelling of an e-mail address: lower case; undefined where it is none. */
export function normaliseEmail(text: string): string | undefined {
  const address = text.trim().toLowerCase();
  return isEmail(address) ? address : undefined;
}

/** The one spelling of a telephone number: E.164; undefined where it is none that a message can reach. */
export function normaliseTelephone(text: string): string | undefined {
  // The whole text must be the number: one found in a sentence, or cut from its extension, might be another person's.
  const number = parsePhoneNumberFromString(text.trim(), { extract: false });
  const reachable = number?.isValid() === true && number.ext === undefined && number.getType() !== 'PREMIUM_RATE';
  return reachable ? number.number : undefined;
}

/** The one spelling of the id by which a signer is identified: upper case; undefined where it is none. */
function normaliseSigner(text: string): string | undefined {
  const id = text.trim().toUpperCase();
  return /^[\dA-Z-]{4,64}$/.test(id) ? id : undefined;
}

const normalise = {
  email: normaliseEmail,
  telephone: normaliseTelephone,
  signer: normaliseSigner,
} as const satisfies Record<IdentifierKind, (text: string) => string | undefined>;

/** What may be shown of an e-mail address, a telephone number or a signer's id: `a•••@example.com`, `•••4567`. */
export function masked(identifier: string): string {
  const at = identifier.lastIndexOf('@');
  return at === -1 ? `•••${identifier.slice(-4)}` : `${identifier.slice(0, 1)}•••${identifier.slice(at)}`;
}

/** What people are found by, hashed with a key: there are too few telephone numbers and ids for a hash without one. */
@Injectable()
export class Identifiers {
  constructor(private readonly vault: Vault) {}

  /** An identifier as it is kept and looked up; undefined where the text is none of its kind. */
  kept(tenantId: string, kind: IdentifierKind, text: string): KeptIdentifier | undefined {
    const normal = normalise[kind](text);
    if (normal === undefined) return undefined;
    const hash = kind === 'signer' ? this.signerHash(tenantId, normal) : this.recipientHash(tenantId, normal);
    return { kind, hash, masked: masked(normal) };
  }

  /** @param recipient an e-mail address or a telephone number in its one spelling */
  recipientHash(tenantId: string, recipient: string): Buffer {
    return this.vault.mac('otp-recipient', tenantId, recipient);
  }

  /** @param id in any case */
  signerHash(tenantId: string, id: string): Buffer {
    return this.hashedSignerHash(tenantId, createHash('sha256').update(id.toUpperCase()).digest('hex'));
  }

  /** @param idHash hex SHA-256 of the upper-cased id, in either case */
  hashedSignerHash(tenantId: string, idHash: string): Buffer {
    return this.vault.mac('signer', tenantId, idHash.toLowerCase());
  }
}
