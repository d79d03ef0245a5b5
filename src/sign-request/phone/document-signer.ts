import { readFile } from 'node:fs/promises';
import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { type SignLocation } from '../../pades/pages/placement';
import { type Authority, type AuthorityPem, createAuthority, loadAuthority } from '../../pades/signing/authority';
import { signPdf } from '../../pades/signing/sign-pdf';
import { type FetchTimestamp, TimestampError } from '../../pades/signing/timestamp';
import { PdfBusy } from '../../pades/worker/pool';
import { statement } from '../../platform/database/statement';
import { Statements } from '../../platform/database/statements';
import { OutboundClient } from '../../platform/outbound/outbound-client';
import { Vault } from '../../platform/secrets/vault';
import { type Settings, SETTINGS } from '../../platform/settings/settings';
import { type SigningAuthoritySettings } from '../../platform/settings/integrations';
import { type Person } from '../identity/visitors';
import { PortalRefusal } from '../portal/portal.errors';
import { partialId } from '../sign-request.secrets';

interface KeptAuthority {
  readonly certificate: string;
  readonly privateKeySealed: Buffer;
}

const find = statement(
  'signing-authority-find',
  `SELECT certificate, private_key_sealed AS "privateKeySealed" FROM signing_authority`,
);
const keep = statement(
  'signing-authority-keep',
  `INSERT INTO signing_authority (certificate, private_key_sealed) VALUES (:certificate, :privateKeySealed)
   ON CONFLICT DO NOTHING`,
);

const ownName = 'Rescind Signing CA';
const purpose = 'signing-authority';

/** The one authority that issues signers' certificates: the operator's own, or one that all nodes share in the database. */
@Injectable()
export class SigningAuthority implements OnModuleInit {
  private authority: Authority;

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly statements: Statements,
    private readonly vault: Vault,
  ) {}

  /** @throws AuthorityError when the operator's files are of no use; SealBroken when the master key is not this database's */
  async onModuleInit(): Promise<void> {
    const { signingAuthority } = this.settings;
    const pem = signingAuthority === undefined ? await this.shared() : await readPem(signingAuthority);
    this.authority = await loadAuthority(pem, new Date());
  }

  get(): Authority {
    return this.authority;
  }

  /** Made at the first start; of several first starts one makes it, and the others read what it made. */
  private async shared(): Promise<AuthorityPem> {
    const kept = await this.kept();
    if (kept !== undefined) return kept;
    const made = await createAuthority(ownName, new Date());
    const privateKeySealed = this.vault.seal(purpose, made.certificate, Buffer.from(made.privateKey));
    await this.statements.run(keep, { certificate: made.certificate, privateKeySealed });
    return (await this.kept()) ?? made;
  }

  private async kept(): Promise<AuthorityPem | undefined> {
    const [kept] = await this.statements.run<KeptAuthority>(find, {});
    if (kept === undefined) return undefined;
    const privateKey = this.vault.open(purpose, kept.certificate, kept.privateKeySealed).toString();
    return { certificate: kept.certificate, privateKey };
  }
}

async function readPem({ keyFile, certificateFile }: SigningAuthoritySettings): Promise<AuthorityPem> {
  const [privateKey, certificate] = await Promise.all([readFile(keyFile, 'utf8'), readFile(certificateFile, 'utf8')]);
  return { privateKey, certificate };
}

const timestampTimeoutSeconds = 10;
const maxTimestampBytes = 64 * 1024;

/** Puts a person's signature into a document. */
@Injectable()
export class DocumentSigner {
  private readonly log = new Logger('DocumentSigner');
  private readonly timestamp: FetchTimestamp | undefined;

  constructor(
    @Inject(SETTINGS) { tsaUrl }: Settings,
    private readonly authority: SigningAuthority,
    private readonly outbound: OutboundClient,
  ) {
    this.log.log(
      tsaUrl === undefined
        ? 'Signatures are PAdES B-B: they verify until the day after; TSA_URL makes them last (B-T)'
        : 'Signatures are PAdES B-T, time-stamped by TSA_URL',
    );
    this.timestamp = tsaUrl === undefined ? undefined : (request) => this.fetchTimestamp(tsaUrl, request);
  }

  /** @throws PortalRefusal BUSY when the document cannot be signed at the moment */
  async sign(wanted: {
    readonly tenantId: string;
    readonly document: Buffer;
    readonly locations: readonly SignLocation[];
    readonly person: Person;
    readonly signedAt: Date;
  }): Promise<Buffer> {
    const { document: bytes, locations, person, signedAt, tenantId: owner } = wanted;
    const signer = { name: person.name, partialId: partialId(person) };
    const authority = this.authority.get();
    try {
      return await signPdf({ bytes, owner, locations, signer, signedAt, authority, timestamp: this.timestamp });
    } catch (error) {
      if (!(error instanceof PdfBusy || error instanceof TimestampError)) throw error;
      this.log.warn({ error: error.message }, 'A document could not be signed');
      throw new PortalRefusal('BUSY');
    }
  }

  private async fetchTimestamp(url: string, request: Buffer): Promise<Buffer> {
    const { status, body } = await this.outbound.request({
      url,
      method: 'POST',
      headers: { 'Content-Type': 'application/timestamp-query' },
      body: request,
      timeoutSeconds: timestampTimeoutSeconds,
      maxResponseBytes: maxTimestampBytes,
    });
    if (status !== 200) throw new TimestampError(`The time-stamping authority answered ${status}.`);
    return body;
  }
}
