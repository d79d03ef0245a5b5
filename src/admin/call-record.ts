import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { type Operator } from '../accounts/operators/operator';
import { type Audit, type AuditedCall } from '../approvals/audit/audit';
import { failureOf } from '../platform/envelope/failure.filter';
import { Failed } from '../platform/envelope/failure';
import { problemErrorFormat } from '../platform/envelope/problem.error-format';
import { targetOf } from './audit-target';
import { isSlug } from './input';

/** What of a request is recorded, or looked at for it. */
export interface RecordedRequest {
  readonly id: string;
  readonly ip?: string;
  readonly method: string;
  readonly path: string;
  readonly route: { readonly path: string };
  readonly params: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
}

/**
 * Records one call: that it has begun, before it changes anything, and what it was answered, before the answer leaves. Where
 * there is no second row, the node died in between: what the call changed may have happened or not.
 */
export class CallRecord {
  private readonly log = new Logger('Audit');
  private readonly callId = randomUUID();
  private rows = 0;
  private tenant: unknown;
  private target: Record<string, unknown>;

  constructor(
    private readonly audit: Audit,
    private readonly request: RecordedRequest,
    private readonly operator: Operator,
  ) {
    const { tenantId, ...ids } = request.params;
    this.tenant = tenantId ?? request.query.tenant;
    this.target = { ...targetOf(request.query), ...ids };
  }

  /** To be called before the call changes anything. @throws Failed `unavailable` when it cannot be recorded */
  async begin(body?: unknown): Promise<void> {
    this.tenant ??= (Object(body) as { tenant?: unknown }).tenant;
    this.target = { ...targetOf(body), ...this.target };
    await this.write(null);
  }

  /**
   * Does the work of the call, and records what it is answered.
   * @param response whose status is that of an answer
   * @throws what `work` throws; Failed `unavailable` when it cannot be recorded
   */
  async around<Answer>(work: () => Promise<Answer>, response: { readonly statusCode: number }): Promise<Answer> {
    let answer: Answer;
    try {
      answer = await work();
    } catch (error) {
      await this.write(this.statusOf(error));
      throw error;
    }
    if (this.rows > 0) this.target = { ...targetOf(answer), ...this.target };
    await this.write(response.statusCode);
    return answer;
  }

  private async write(status: number | null): Promise<void> {
    const { id: requestId, ip: address = '', method, route } = this.request;
    const { actor, role } = this.operator;
    const tenantId = isSlug(this.tenant) ? this.tenant : null;
    const { callId } = this;
    const call: AuditedCall = { callId, tenantId, method, route: route.path, actor, role, address, requestId };
    try {
      await this.audit.write(call, { seq: this.rows + 1, target: JSON.stringify(this.target), status });
      this.rows += 1;
    } catch (err) {
      this.log.error({ err, callId, method, route: route.path, actor, status }, 'A call could not be recorded');
      throw new Failed({ kind: 'unavailable', mayBeDone: this.rows > 0 });
    }
  }

  private statusOf(error: unknown): number {
    const { id: requestId, method, path } = this.request;
    return problemErrorFormat.render(failureOf(error), { requestId, method, path, at: new Date() }).status;
  }
}
