import { Injectable } from '@nestjs/common';
import { type ClientBase } from 'pg';
import { deliveryLoop, queueDelivery } from '../../messages/delivery';
import { statement } from '../../platform/database/statement';
import { Statements } from '../../platform/database/statements';
import { Jobs } from '../../platform/jobs/jobs';
import { isOpen, kindOf, type Lifecycle } from '../lifecycle';
import { type EventEndpoint, type EventType } from './event-endpoint.entity';
import { type FreezeEvent, type RecallEvent, type TestEvent } from './events.dto';

/** The delivery channel of events. */
export const eventChannel = 'event';

/** SQL: an instant as JSON has it, in UTC to the millisecond. */
const iso = (instant: string) => `to_char(${instant} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** SQL: rows of a tenant, each with the tenant's endpoints that want such events. Where it has none, one look at an index says so. */
const withEndpoints = (rows: string, type: string) => `${rows} JOIN (
    SELECT tenant_id, id AS endpoint_id, kinds AS endpoint_kinds FROM event_endpoint
    WHERE disabled_at IS NULL AND ${type} = ANY(types)
  ) AS endpoint USING (tenant_id)`;

/** What an event about an approval says of it, in SQL over a row of `from`. */
interface ApprovalFacts {
  readonly from: 'begun' | 'moved';
  readonly at: string;
  readonly state: string;
  readonly transition: string;
  readonly actor: string;
  readonly reason: string;
  readonly when?: string;
}

function queueEvent(life: Lifecycle, type: EventType, { from, when = 'true', at, ...facts }: ApprovalFacts): string {
  const kind = `'${kindOf(life)}'`;
  const { state, transition, actor, reason } = facts;
  const data = `'tenant', tenant_id, 'kind', ${kind}, 'id', id, 'state', ${state}, 'transition', ${transition}, 'actor', ${actor}, 'reason', ${reason}, 'at', ${iso(at)}`;
  return queueDelivery({
    channel: eventChannel,
    from: withEndpoints(from, `'${type}'`),
    when: `(endpoint_kinds IS NULL OR ${kind} = ANY(endpoint_kinds)) AND ${when}`,
    endpoint: 'endpoint_id',
    content: `json_build_object('type', '${type}', 'timestamp', ${iso(at)}, 'data', json_build_object(${data}))`,
  });
}

/** SQL: queues `approval.begun` for a row of `begun`. */
export function queueBegun(life: Lifecycle): string {
  return queueEvent(life, 'approval.begun', {
    from: 'begun',
    at: 'begun_at',
    state: 'status',
    transition: `'begin'`,
    actor: 'begun_by',
    reason: 'NULL::text',
  });
}

/**
 * SQL: queues `approval.ended` for each row of `moved` that was stored as open and is no longer. What time ended is queued once
 * that is written down; a later transition of such a row is none.
 * @param reason of the transition, over a row of `moved`
 */
export function queueEnded(life: Lifecycle, reason: string): string {
  return queueEvent(life, 'approval.ended', {
    from: 'moved',
    at: 'ended_at',
    state: '_after',
    transition: '_transition',
    actor: 'ended_by',
    reason,
    when: `${isOpen(life, '_stored')} AND NOT ${isOpen(life, '_after')}`,
  });
}

const queue = statement(
  'event-queue',
  `${queueDelivery({
    channel: eventChannel,
    from: withEndpoints('(SELECT :tenantId::text AS tenant_id, :about::text AS id) AS event', ':type::text'),
    endpoint: 'endpoint_id',
    content: ':content::json',
  })} RETURNING 1`,
);

const queueTest = statement(
  'event-queue-test',
  `WITH endpoint AS (SELECT :tenantId::text AS tenant_id, :id::uuid AS id)
   ${queueDelivery({ channel: eventChannel, from: 'endpoint', endpoint: 'id', content: ':content::json' })} RETURNING id`,
);

/** Events that no transition of an approval makes. */
@Injectable()
export class Events {
  constructor(
    private readonly statements: Statements,
    private readonly jobs: Jobs,
  ) {}

  /**
   * Queues an event for each endpoint of the tenant that wants it.
   * @param client the connection of the transaction that does what the event tells of: there is never one without the other
   */
  async queue({ type, data }: RecallEvent | FreezeEvent, client: ClientBase): Promise<void> {
    const content = JSON.stringify({ type, timestamp: data.at, data });
    const values = { tenantId: data.tenant, about: data.id, type, content };
    const queued = await this.statements.run(queue, values, client);
    if (queued.length > 0)
      this.statements.afterCommit(client, () => {
        this.jobs.nudge(deliveryLoop);
      });
  }

  /** Queues a test event for an endpoint, whatever it wants. @returns the delivery's id */
  async queueTest({ tenantId, id }: Pick<EventEndpoint, 'tenantId' | 'id'>): Promise<string> {
    const event = {
      type: 'endpoint.test',
      timestamp: new Date().toISOString(),
      data: { tenant: tenantId, endpoint: id },
    } satisfies TestEvent;
    const content = JSON.stringify(event);
    const [queued] = await this.statements.run<{ id: string }>(queueTest, { tenantId, id, content });
    this.jobs.nudge(deliveryLoop);
    if (queued === undefined) throw new Error('A test event has not been stored');
    return queued.id;
  }
}
