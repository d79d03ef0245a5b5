import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { RecentCache } from '../accounts/recent-cache';
import { now } from '../approvals/transition-statement';
import { statement } from '../platform/database/statement';
import { Statements } from '../platform/database/statements';
import { Jobs } from '../platform/jobs/jobs';
import { type Settings, SETTINGS } from '../platform/settings/settings';
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

/** A request that was neither signed nor cancelled has ended when its time and its last session were over. */
const deleteOld = statement(
  'document-retention',
  `DELETE FROM sign_document WHERE ctid = ANY (ARRAY(
     SELECT d.ctid FROM sign_document d JOIN sign_request r ON (r.tenant_id, r.id) = (d.tenant_id, d.sign_request_id)
     WHERE COALESCE(r.ended_at, GREATEST(r.expires_at, r.session_expires_at)) < ${now} - make_interval(days => :keptDays)
     LIMIT :size FOR UPDATE OF d SKIP LOCKED
   )) RETURNING 1`,
);

/** Documents of up to 10 MB at a time, so that each statement is over within its bound. */
const batchSize = 50;

/** Documents are deleted some days after their request's end; what became of the request stays known. */
@Injectable()
export class DocumentRetention implements OnModuleInit {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly jobs: Jobs,
    private readonly statements: Statements,
  ) {}

  onModuleInit(): void {
    this.jobs.daily('delete-documents', (size) => this.deleteOld(size), batchSize);
  }

  /** Deletes at most `size`, and answers how many. */
  async deleteOld(size = batchSize): Promise<number> {
    const keptDays = this.settings.documentRetentionDays;
    return (await this.statements.run(deleteOld, { keptDays, size })).length;
  }
}
