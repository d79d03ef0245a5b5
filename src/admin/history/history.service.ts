import { Injectable } from '@nestjs/common';
import { History, type HistoryRow } from '../../approvals/history';
import { AdminRefusal } from '../admin.errors';
import { type HistoryQuery } from './history.query';

export interface ApprovalHistory {
  readonly approval: string;
  readonly rows: readonly HistoryRow[];
}

/** What became of an approval. */
@Injectable()
export class HistoryService {
  constructor(private readonly history: History) {}

  /** @throws AdminRefusal NOT_FOUND */
  async of({ tenant, approval }: HistoryQuery): Promise<ApprovalHistory> {
    const rows = await this.history.of(tenant, approval);
    if (rows.length === 0) throw new AdminRefusal('NOT_FOUND');
    return { approval, rows };
  }
}
