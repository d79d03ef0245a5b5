import { Inject, Injectable } from '@nestjs/common';
import { SealBroken, Vault } from '../../platform/secrets/vault';
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
const purpose = 'signed-document';

export const downloadPath = 'api/v3/signed-documents';

/** Addresses at which a signed document can be had for two minutes without further proof. Nothing is stored of them. */
@Injectable()
export class DownloadLinks {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly vault: Vault,
  ) {}

  make({ tenantId, id }: SignedDocumentKey): DownloadLink {
    const expiresAtSeconds = Math.floor(Date.now() / 1000) + lifeSeconds;
    const content = Buffer.from(JSON.stringify({ tenantId, id, expiresAtSeconds }));
    const capability = this.vault.seal(purpose, '', content).toString('base64url');
    return { url: `${this.settings.publicUrl}/${downloadPath}/${capability}`, expiresAtSeconds };
  }

  /** Which document a link is for; undefined where it is none of ours, or its time is over. */
  open(capability: string): SignedDocumentKey | undefined {
    try {
      const opened = this.vault.open(purpose, '', Buffer.from(capability, 'base64url')).toString();
      const { tenantId, id, expiresAtSeconds } = JSON.parse(opened) as SignedDocumentKey & { expiresAtSeconds: number };
      return Date.now() < expiresAtSeconds * 1000 ? { tenantId, id } : undefined;
    } catch (error) {
      if (error instanceof SealBroken) return undefined;
      throw error;
    }
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
