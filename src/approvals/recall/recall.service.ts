import { Injectable } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { type ClientBase } from 'pg';
import { v7 as uuidV7 } from 'uuid';
import { type Operator, sees } from '../../accounts/operators/operator';
import { Statements } from '../../platform/database/statements';
import { Failed } from '../../platform/envelope/failure';
import { Jobs } from '../../platform/jobs/jobs';
import { Vault } from '../../platform/secrets/vault';
import { ApprovalKinds, readTarget, subjectsOf, type Target } from '../finding';
import { Freezes } from '../freezes';
import { type RecallOutcome, TargetRecalls, wasRecalled } from '../target-recalls';
import { type ListRecalls, type OrderRecall, type RecallPage, type ShownRecall } from './recall.dto';
import { listed, type RecallToShow, type KindProgress, type MetApproval, type Recall } from './recall.entity';
import { RecallRefusal } from './recall.errors';
import { RecallFinding } from './recall-finding';
import { recallLoop } from './recall-job';
import { type AskedTarget, isNarrow, RecallTargets, targetOf } from './recall-target';
import { type IdempotentRequest, type NewRecall, RecallRepository } from './recall.repository';

/** Who orders a recall, in which tenant. */
export interface RecallCaller {
  readonly tenantId: string;
  readonly actor: string;
}

/** Ends what is pending, over all kinds of approvals. */
@Injectable()
export class RecallService {
  constructor(
    private readonly statements: Statements,
    private readonly recalls: RecallRepository,
    private readonly targets: RecallTargets,
    private readonly targetRecalls: TargetRecalls,
    private readonly finding: RecallFinding,
    private readonly freezes: Freezes,
    private readonly kinds: ApprovalKinds,
    private readonly vault: Vault,
    private readonly jobs: Jobs,
  ) {}

  /**
   * Recalls what is pending of a target: of a person, or one approval, at once and in one transaction; of a wider target
   * by a job, which begins.
   * @param key the request's `Idempotency-Key`; a repetition is given the same recall
   * @throws Failed `invalid-input` when target, kinds and freeze do not go together
   * @throws RecallRefusal TENANT_NOT_FOUND, APPROVAL_NOT_FOUND, IDEMPOTENCY_KEY_IN_USE, IDEMPOTENCY_KEY_REUSED
   */
  order(caller: RecallCaller, order: OrderRecall, key?: string): Promise<ShownRecall> {
    const { tenantId } = caller;
    const asked = this.targets.read(tenantId, order.target);
    if (asked.shown.approval && order.freezeSeconds) throw invalid('freezeSeconds', 'one approval cannot be frozen');
    const kinds = this.kindsOf(asked, order);
    const recall = { ...caller, id: uuidV7(), target: asked.shown, kinds, reason: order.reason };
    return this.statements.transaction(async (client) => {
      await this.recalls.requireTenant(tenantId, client);
      const target = await this.targets.know(tenantId, asked, client);
      if (order.dryRun === true) return this.preview(recall, target, client);
      const request = key === undefined ? undefined : this.requestOf(caller, asked, order, key);
      // Before any approval is locked: what begins for the target has begun, or waits for the end of this transaction.
      await this.freezes.hold(tenantId, subjectsOf(target), client);
      const earlier = request && (await this.recalls.begunBy(tenantId, request, client));
      return earlier === undefined ? this.begin({ ...recall, ...request }, target, order, client) : show(earlier);
    });
  }

  /** @throws RecallRefusal NOT_FOUND, also where none of these tenants has it */
  async find(id: string, tenants: Operator['tenants']): Promise<ShownRecall> {
    const found = isUUID(id) ? await this.recalls.findOneBy({ id }) : null;
    if (found === null || !sees({ tenants }, found.tenantId)) throw new RecallRefusal('NOT_FOUND');
    return show(found);
  }

  /** Newest first, of the operator's tenants. */
  async list({ tenant, limit, after }: ListRecalls, { tenants }: Operator): Promise<RecallPage> {
    const found = await this.recalls.list(tenant === undefined ? tenants : [tenant], limit + 1, after);
    const items = found.slice(0, limit).map(listed);
    return { items, next: found.length > limit ? (items.at(-1)?.id ?? null) : null };
  }

  /**
   * Has a job end nothing more.
   * @throws RecallRefusal NOT_FOUND, also where the operator does not have its tenant; RECALL_OVER
   */
  cancel(id: string, operator: Operator): Promise<void> {
    return this.statements.transaction(async (client) => {
      const found = isUUID(id) ? await this.recalls.hold(id, client) : undefined;
      if (found === undefined || !sees(operator, found.tenantId)) throw new RecallRefusal('NOT_FOUND');
      if (found.state !== 'running') throw new RecallRefusal('RECALL_OVER');
      await this.recalls.advance(found, { state: 'cancelled' }, client);
    });
  }

  private async begin(
    recall: NewRecall,
    target: Target,
    { freezeSeconds }: OrderRecall,
    client: ClientBase,
  ): Promise<ShownRecall> {
    const stored = await this.recalls.begin(recall, client);
    const begun = freezeSeconds ? await this.freeze(stored, target, freezeSeconds, client) : stored;
    if (!isNarrow(recall.target)) {
      this.statements.afterCommit(client, () => {
        this.jobs.nudge(recallLoop);
      });
      return show(begun);
    }
    const met = await this.endAll(recall, target, client);
    const approvals = await this.withEnded(recall, target, met, client);
    return show(await this.recalls.finish(begun, { approvals, progress: progressOf(recall, met) }, client));
  }

  private async freeze(recall: Recall, target: Target, seconds: number, client: ClientBase): Promise<Recall> {
    const { tenantId, reason, actor, id: recallId } = recall;
    const subjects = subjectsOf(target);
    const { id, endsAt } = await this.freezes.begin({ tenantId, subjects, reason, actor, recallId, seconds }, client);
    return this.recalls.advance(recall, { freeze: { id, endsAt: endsAt.toISOString() } }, client);
  }

  /** Until a statement finds nothing more: its snapshot may be older than a row that it waited for. */
  private async endAll(recall: NewRecall, target: Target, client: ClientBase): Promise<MetApproval[]> {
    const met = new Map<string, MetApproval>();
    let outcomes;
    do {
      outcomes = await this.targetRecalls.recall(recall.tenantId, target, recall, recall, client);
      for (const outcome of outcomes) met.set(`${outcome.kind} ${outcome.id}`, metBy(outcome));
    } while (outcomes.some(({ moved }) => moved));
    return [...met.values()];
  }

  private async preview(recall: NewRecall, target: Target, client: ClientBase): Promise<ShownRecall> {
    const { tenantId, kinds } = recall;
    const at = await this.recalls.now(client);
    const tried = { ...recall, id: null, freeze: null, state: 'done', begunAt: at, endedAt: at } as const;
    if (!isNarrow(recall.target)) {
      const progress = await this.finding.count(tenantId, target, { kinds }, client);
      return show({ ...tried, progress, approvals: null });
    }
    const met = await this.finding.pending(tenantId, target, kinds, at, client);
    const approvals = await this.withEnded(recall, target, met, client);
    return show({ ...tried, progress: progressOf(recall, met), approvals });
  }

  /** What was met, and the last that had ended already. @throws RecallRefusal APPROVAL_NOT_FOUND */
  private async withEnded(
    { tenantId, target: { approval }, kinds }: NewRecall,
    target: Target,
    met: readonly MetApproval[],
    client: ClientBase,
  ): Promise<MetApproval[]> {
    const all = [...met, ...(await this.finding.ended(tenantId, target, kinds, met, client))];
    if (approval && all.length === 0) throw new RecallRefusal('APPROVAL_NOT_FOUND');
    return all;
  }

  /** Those asked for that have such a target. @throws Failed `invalid-input` when one of them is none */
  private kindsOf({ shown, person }: AskedTarget, { kinds }: OrderRecall): string[] {
    if (shown.approval) {
      if (kinds) throw invalid('kinds', 'kinds does not go with an approval');
      return [shown.approval.kind];
    }
    const known = this.kinds.all.map(({ name }) => name);
    if (kinds?.every((each) => known.includes(each)) === false)
      throw invalid('kinds', `each of kinds must be one of ${known.join(', ')}`);
    return this.finding
      .kindsWith(person === undefined ? readTarget(targetOf(shown)).name : 'person')
      .filter((each) => kinds?.includes(each) !== false);
  }

  private requestOf(
    { tenantId, actor }: RecallCaller,
    { normal }: AskedTarget,
    { kinds, reason, freezeSeconds }: OrderRecall,
    key: string,
  ): IdempotentRequest {
    const context = `${tenantId}/${actor}`;
    const body = JSON.stringify([normal, kinds ?? null, reason, freezeSeconds ?? null]);
    return {
      keyHash: this.vault.mac('recall-key', context, key),
      bodyHash: this.vault.mac('recall-body', context, body),
    };
  }
}

function metBy({ kind, id, before, after, endedAt, ...outcome }: RecallOutcome): MetApproval {
  return { kind, id, before, after, ended: wasRecalled(outcome), at: endedAt.toISOString() };
}

function progressOf({ kinds }: NewRecall, met: readonly MetApproval[]): KindProgress[] {
  return kinds.map((kind) => {
    const done = met.filter((each) => each.kind === kind && each.ended).length;
    return { kind, total: done, done };
  });
}

const invalid = (field: string, problem: string) => new Failed({ kind: 'invalid-input', faults: [{ field, problem }] });

const show = (recall: RecallToShow): ShownRecall => ({
  ...listed(recall),
  approvals: recall.approvals,
  ...(recall.freeze && { freeze: recall.freeze }),
});
