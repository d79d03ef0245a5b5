import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { statement } from '../../platform/database/statement';
import { Statements } from '../../platform/database/statements';
import { Jobs } from '../../platform/jobs/jobs';
import { now } from '../../approvals/move-statement';
import { type Settings } from '../../platform/settings/settings';
import { SETTINGS } from '../../platform/settings/settings.module';

/** A request that nobody signed or cancelled has ended when its time and its last session were over. */
const deleteOld = statement(
  'document-retention',
  `DELETE FROM sign_document d USING sign_request r
   WHERE (r.tenant_id, r.id) = (d.tenant_id, d.sign_request_id)
     AND COALESCE(r.ended_at, GREATEST(r.expires_at, r.session_expires_at)) < ${now} - make_interval(days => :keptDays)`,
);

/** Documents are deleted some days after their request's end; what became of the request stays known. */
@Injectable()
export class DocumentRetention implements OnModuleInit {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly jobs: Jobs,
    private readonly statements: Statements,
  ) {}

  onModuleInit(): void {
    this.jobs.daily('delete-documents', () => this.deleteOld());
  }

  async deleteOld(): Promise<void> {
    await this.statements.run(deleteOld, { keptDays: this.settings.documentRetentionDays });
  }
}
