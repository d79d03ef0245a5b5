import { readFile } from 'node:fs/promises';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { statement } from '../../platform/database/statement';
import { Statements } from '../../platform/database/statements';
import { Vault } from '../../platform/secrets/vault';
import { type Settings } from '../../platform/settings/settings';
import { type SigningAuthoritySettings } from '../../platform/settings/signing-authority';
import { SETTINGS } from '../../platform/settings/settings.module';
import { type Authority, type AuthorityPem, loadAuthority } from '../../pades/signing/authority';
import { createAuthority } from '../../pades/signing/create-authority';

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
