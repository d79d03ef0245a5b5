import { Inject, Injectable } from '@nestjs/common';
import { SealedJson, Vault } from '../../platform/secrets/vault';
import { type Settings, SETTINGS } from '../../platform/settings/settings';

/** Names one signed document. */
export interface SignedDocumentKey {
  readonly tenantId: string;
  readonly id: string;
}

interface DownloadLink {
  readonly url: string;
  /** When it stops to work, in seconds since 1970. */
  readonly expiresAtSeconds: number;
}

/** How long a link works, in seconds. */
const lifeSeconds = 120;

export const downloadPath = 'api/v3/signed-documents';

/** Addresses at which a signed document can be had for two minutes without further proof. Nothing is stored of them. */
@Injectable()
export class DownloadLinks {
  private readonly sealed: SealedJson<SignedDocumentKey & { readonly expiresAtSeconds: number }>;

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    vault: Vault,
  ) {
    this.sealed = new SealedJson(vault, 'signed-document');
  }

  make({ tenantId, id }: SignedDocumentKey): DownloadLink {
    const expiresAtSeconds = Math.floor(Date.now() / 1000) + lifeSeconds;
    const capability = this.sealed.sealToText('', { tenantId, id, expiresAtSeconds });
    return { url: `${this.settings.publicUrl}/${downloadPath}/${capability}`, expiresAtSeconds };
  }

  /** Which document a link is for; undefined where it is none of ours, or its time is over. */
  open(capability: string): SignedDocumentKey | undefined {
    const found = this.sealed.openText('', capability);
    if (found === undefined || Date.now() >= found.expiresAtSeconds * 1000) return undefined;
    return { tenantId: found.tenantId, id: found.id };
  }
}

/** What file systems and headers give a meaning to, and what cannot be seen. */
const unsafe = /[\p{C}\p{Zl}\p{Zp}/\\:*?"<>|]+/gu;

/** A name that is safe to save the signed document under: the document's own, made harmless. */
export function signedFileName(docName: string): string {
  const base = docName
    .replace(/\.pdf$/i, '')
    .replace(unsafe, '_')
    .replace(/^[.\s]+|[.\s]+$/g, '');
  return `${base === '' ? 'document' : base}-signed.pdf`;
}
