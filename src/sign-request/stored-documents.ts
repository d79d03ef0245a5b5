import { Inject, Injectable } from '@nestjs/common';
import { RecentCache } from '../accounts/recent-cache';
import { statement } from '../platform/database/statement';
import { Statements } from '../platform/database/statements';
import { type Settings } from '../platform/settings/settings';
import { SETTINGS } from '../platform/settings/settings.module';
import { SignRequestRefusal } from './sign-request.errors';

const mebibyte = 1024 * 1024;

const storedBytes = statement(
  'documents-stored',
  'SELECT COALESCE(sum(octet_length(bytes)), 0)::float8 AS bytes FROM sign_document WHERE tenant_id = :tenantId',
);

/** How much of a tenant's documents is kept; as it was up to a minute ago. */
@Injectable()
export class StoredDocuments {
  private readonly recent: RecentCache<number>;

  constructor(
    private readonly statements: Statements,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {
    this.recent = new RecentCache((tenantId) => this.bytesOf(tenantId), { staleMs: 60_000 });
  }

  /** @throws SignRequestRefusal STORAGE_FULL when the tenant's documents take all that it may have */
  async requireRoom(tenantId: string): Promise<void> {
    const bytes = (await this.recent.get(tenantId)) ?? 0;
    if (bytes >= this.settings.tenantLimits.storedMebibytes * mebibyte) throw new SignRequestRefusal('STORAGE_FULL');
  }

  private async bytesOf(tenantId: string): Promise<number | undefined> {
    const [found] = await this.statements.run<{ bytes: number }>(storedBytes, { tenantId });
    return found?.bytes;
  }
}
