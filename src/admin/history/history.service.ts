import { Injectable } from '@nestjs/common';
import { History } from '../../approvals/history';
import { AdminRefusal } from '../admin.errors';
import { type HistoryQuery } from './history.query';
import { type ApprovalHistory } from './shown-history';

/** What became of an approval. */
@Injectable()
export class HistoryService {
  constructor(private readonly history: History) {}

  /** @throws AdminRefusal NOT_FOUND */
  async of({ tenant, kind, approval }: HistoryQuery): Promise<ApprovalHistory> {
    const rows = await this.history.of({ tenantId: tenant, kind, approval });
    if (rows.length === 0) throw new AdminRefusal('NOT_FOUND');
    return { approval, kind, rows };
  }
}
