import { Injectable } from '@nestjs/common';
import { type IdentifierKind, Identifiers } from '../accounts/people/identifiers';
import { People } from '../accounts/people/people';
import { ApprovalSearch, type FoundApproval, type SearchTarget } from '../approvals/approval-search';
import { ApprovalKinds } from '../approvals/finding';
import { History, type HistoryRow } from '../approvals/history';
import { isOpenState, type Lifecycle, nextTransitions } from '../approvals/lifecycle';
import { expectedHashOf } from '../approvals/verification/history-reader';
import { DeliveryRepository } from '../messages/delivery.repository';
import { AdminRefusal, type Page } from './admin.answers';
import { type ApprovalsQuery, type ListedApproval, type ApprovalDetail } from './approvals.dto';
import { afterOf, nextOf } from './approvals.position';
import { invalid } from './input';

/** The filters by which approvals are found, each by an index of its own. */
const finders = ['userId', 'recipient', 'signer', 'relyingParty', 'client', 'deviceId', 'endedBy'] as const;

/** One view over the approvals of all kinds. */
@Injectable()
export class ApprovalsService {
  constructor(
    private readonly search: ApprovalSearch,
    private readonly kinds: ApprovalKinds,
    private readonly people: People,
    private readonly identifiers: Identifiers,
    private readonly history: History,
    private readonly deliveries: DeliveryRepository,
  ) {}

  /**
   * Newest first.
   * @throws Failed `invalid-input` when there is no such kind or state, an identifier or `after` is none, or filters are
   *   given together for which there is no index
   */
  async list({ tenant, kind, state, from, to, limit, after, ...query }: ApprovalsQuery): Promise<Page<ListedApproval>> {
    this.checkNames(kind, state);
    const found = await this.search.find({
      tenantId: tenant,
      target: await this.targetOf(tenant, query),
      kind,
      state,
      from: from === undefined ? undefined : new Date(from),
      to: to === undefined ? undefined : new Date(to),
      after: after === undefined ? undefined : afterOf(after),
      limit: limit + 1,
    });
    const shown = found.slice(0, limit);
    const last = shown.at(-1);
    return {
      items: shown.map((each) => listed(tenant, each)),
      next: found.length > limit && last !== undefined ? nextOf(last.position) : null,
    };
  }

  /** @throws AdminRefusal NOT_FOUND */
  async get(tenant: string, kindName: string, id: string): Promise<ApprovalDetail> {
    const kind = this.kinds.find(kindName);
    if (kind === undefined) throw new AdminRefusal('NOT_FOUND');
    const asked = { tenantId: tenant, target: { approval: id }, kind: kind.name, limit: 1 };
    const [found] = await this.search.find(asked);
    if (found === undefined) throw new AdminRefusal('NOT_FOUND');
    const { approval: table } = kind.lifecycle;
    const timeline = await this.history.of({ tenantId: tenant, kind: table, approval: id });
    const brokenAt = firstBroken(timeline, found, { kind: table, tenant, approval: id });
    return {
      ...listed(tenant, found),
      next: nextFrom(kind.lifecycle, found),
      timeline,
      chain: { intact: brokenAt === null, brokenAt },
      deliveries: await this.deliveries.ofApproval(tenant, kind.name, id, kind.finding.channels ?? []),
    };
  }

  private checkNames(kind: string | undefined, state: string | undefined): void {
    const kinds = this.kinds.all.map(({ name }) => name);
    if (kind !== undefined && !kinds.includes(kind)) throw invalid('kind', `kind must be one of ${kinds.join(', ')}`);
    const states = new Set(['open', 'ended', ...this.kinds.all.flatMap(({ lifecycle }) => lifecycle.states)]);
    if (state !== undefined && !states.has(state))
      throw invalid('state', `state must be one of ${[...states].join(', ')}`);
  }

  private async targetOf(tenant: string, query: Pick<ApprovalsQuery, (typeof finders)[number]>): Promise<SearchTarget> {
    const [finder, another] = finders.filter((each) => query[each] !== undefined);
    if (another !== undefined)
      throw invalid(another, `there is no index over ${another} and ${finder}: give one of ${finders.join(', ')}`);
    const { userId, recipient, signer, relyingParty, client, deviceId, endedBy } = query;
    if (userId !== undefined) return { person: await this.people.keysOf(tenant, { userId }) };
    if (recipient !== undefined)
      return this.personBy(tenant, 'recipient', recipient.includes('@') ? 'email' : 'telephone', recipient);
    if (signer !== undefined) return this.personBy(tenant, 'signer', 'signer', signer);
    if (relyingParty !== undefined) return { relyingParty };
    if (client !== undefined) return { client };
    if (deviceId !== undefined) return { device: deviceId };
    return endedBy === undefined ? { tenant: true } : { endedBy };
  }

  private async personBy(
    tenant: string,
    filter: 'recipient' | 'signer',
    kind: IdentifierKind,
    text: string,
  ): Promise<SearchTarget> {
    const kept = this.identifiers.kept(tenant, kind, text);
    if (kept === undefined) throw invalid(filter, `${filter} is none`);
    return { person: await this.people.keysOf(tenant, kept) };
  }
}

function listed(tenant: string, found: FoundApproval) {
  const { kind, id, state, begunAt, begunBy, endedAt, endedBy, expiresAt, facts } = found;
  return { tenant, kind, id, state, begunAt, begunBy, endedAt, endedBy, expiresAt, facts };
}

function nextFrom(life: Lifecycle, { state, timeoutAt }: FoundApproval): ApprovalDetail['next'] {
  const own = nextTransitions(life, state).map(({ transition, to }) =>
    transition === 'lapse'
      ? ({ transition, to, by: 'time', at: timeoutAt } as const)
      : ({ transition, to, by: 'call', at: null } as const),
  );
  const { transition } = life.recall;
  const rule = life.transitions[transition];
  if (rule === undefined || !isOpenState(life, state) || own.some((each) => each.transition === transition)) return own;
  return [...own, { transition, to: rule.to, by: 'recall', at: null }];
}

/** The first row that is not what its hash says, or does not follow the one before; null where all is in order. */
function firstBroken(
  rows: readonly HistoryRow[],
  { revision, head }: Pick<FoundApproval, 'revision' | 'head'>,
  name: { readonly kind: string; readonly tenant: string; readonly approval: string },
): number | null {
  for (const [index, row] of rows.entries()) {
    const previousHash = rows[index - 1]?.hash ?? null;
    const follows = row.seq === index + 1 && row.previousHash === previousHash;
    // What has happened since the approval was read is in its history already.
    const isHead = row.seq !== revision || row.hash === head;
    if (!follows || !isHead || row.hash !== expectedHashOf({ ...row, ...name })) return index + 1;
  }
  return rows.length < revision ? rows.length + 1 : null;
}
