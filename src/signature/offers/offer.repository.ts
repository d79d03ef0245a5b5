import { Injectable } from '@nestjs/common';
import { heldDevice, markSeen, type OwnedDevice } from '../../accounts/devices/device.repository';
import { statement } from '../../platform/database/statement';
import { Statements } from '../../platform/database/statements';
import { LifecycleEngine, type OutcomeOf } from '../../approvals/lifecycle-engine';
import { isIn } from '../../approvals/lifecycle';
import { prepareFor } from '../../approvals/prepare';
import { keysOf, offered, offeredTopic, onceEnded } from '../signature.topics';
import { SealedSignatures } from '../sealed-signatures';
import { isOfferedTo, isOpenSignature, type OfferState, signatureLifecycle } from '../signature.lifecycle';

const prepare = prepareFor(signatureLifecycle);

/** A transaction as a device is offered it. */
export interface Offer {
  readonly id: string;
  readonly message: string;
  readonly pinRequired: boolean;
  readonly expiresAt: Date;
}

/** As stored. */
type FoundOffer = Omit<Offer, 'message'> & { readonly message: Buffer };

interface Decided {
  /** Whether the deciding device is locked. */
  readonly locked: boolean;
  /** Device id → state of the transaction on that device. */
  readonly devices: Readonly<Record<string, OfferState>>;
}

type SignatureOutcome<Row> = OutcomeOf<typeof signatureLifecycle, Row>;

/** Most calls find nothing open: this one statement answers them. */
const see = statement(
  'signature-see',
  `WITH seen AS (${markSeen})
   SELECT (
     SELECT count(*)::int FROM signature WHERE tenant_id = seen.tenant_id AND user_id = seen.user_id AND ${isOfferedTo}
   ) AS "openOffers" FROM seen`,
);

/** One answer to a device: at most this many transactions, and bytes of messages. */
const fetchLimit = { transactions: 20, bytes: 256 * 1024 };

/** What it has not fetched before comes first, then what ends soonest. */
const atOnce = `SELECT id FROM (
    SELECT id, row_number() OVER listed AS place, sum(octet_length(message)) OVER listed AS bytes
    FROM signature WHERE tenant_id = :tenantId AND user_id = :userId AND ${isOfferedTo}
    WINDOW listed AS (ORDER BY devices ->> :deviceId::text = 'waiting' DESC, expires_at, id ROWS UNBOUNDED PRECEDING)
  ) AS listed WHERE place = 1 OR (place <= ${fetchLimit.transactions} AND bytes <= ${fetchLimit.bytes})`;

/** Marks as delivered what the device has not fetched before; what it has is answered unmoved. A locked device finds nothing. */
const offer = prepare.transition<FoundOffer>({
  name: 'signature-offer',
  where: `NOT device_locked AND tenant_id = :tenantId AND user_id = :userId AND ${isOfferedTo} AND id IN (${atOnce})`,
  from: heldDevice,
  transitions: [
    {
      transition: 'deliver',
      when: `devices ->> :deviceId::text = 'waiting'`,
      set: {
        devices: `jsonb_set(devices, ARRAY[:deviceId::text], '"delivered"')`,
        delivered_at: 'COALESCE(delivered_at, _now)',
        expires_at: `CASE WHEN ${isIn(signatureLifecycle, ['waiting'], '_before')} THEN _now + make_interval(secs => signature_seconds) ELSE expires_at END`,
      },
    },
  ],
  returning: { id: 'id', message: 'message', pinRequired: 'pin_required', expiresAt: 'expires_at' },
});

const byKey = `tenant_id = :tenantId AND id = :id AND user_id = :userId AND devices ->> :deviceId::text IS NOT NULL`;
const mayDecide = `NOT device_locked AND devices ->> :deviceId::text = 'delivered'`;
const decided = { devices: 'devices', locked: 'device_locked' };

const confirm = prepare.transition<Decided>({
  name: 'signature-confirm',
  where: byKey,
  from: heldDevice,
  transitions: [
    { transition: 'confirm', when: mayDecide, set: { decided_by: ':deviceId::text', signature: ':signature::bytea' } },
  ],
  returning: decided,
  ...onceEnded,
});

const reject = prepare.transition<Decided>({
  name: 'signature-reject',
  where: byKey,
  from: heldDevice,
  transitions: [{ transition: 'reject', when: mayDecide, set: { decided_by: ':deviceId::text' } }],
  returning: decided,
  ...onceEnded,
});

const messageOf = statement('signature-message', `SELECT message FROM signature WHERE ${byKey}`);

const findUnfetched = statement(
  'signature-unfetched',
  `SELECT DISTINCT ${offeredTopic} AS topic FROM signature
   WHERE ${isOpenSignature} AND (tenant_id, user_id) IN (SELECT * FROM unnest(:tenantIds::text[], :others::text[]))
     AND EXISTS (SELECT 1 FROM jsonb_each_text(devices) AS held WHERE held.value = 'waiting')`,
);

/** What devices fetch, and what they decide. */
@Injectable()
export class OfferRepository {
  constructor(
    private readonly engine: LifecycleEngine,
    private readonly statements: Statements,
    private readonly sealed: SealedSignatures,
  ) {}

  /** Stores that the device has called, and counts the transactions open for it; undefined where it is gone. */
  async see({ tenantId, deviceId }: OwnedDevice): Promise<{ openOffers: number } | undefined> {
    const [seen] = await this.statements.run<{ openOffers: number }>(see, { tenantId, deviceId });
    return seen;
  }

  /** What is open for the device, up to the limit, each marked as delivered; `moved`: it had not been fetched before. */
  async offer(to: OwnedDevice, actor: string): Promise<SignatureOutcome<Offer>[]> {
    const outcomes = await this.engine.transitionAll(offer, { ...to, actor });
    return outcomes
      .filter(({ after }) => after === 'delivered')
      .map((found) => ({ ...found, message: this.sealed.open({ ...to, id: found.id }, 'message', found.message) }));
  }

  /** Of these topics, those of users for whom a transaction is open that one of their devices has not fetched. */
  async unfetched(topics: readonly string[]): Promise<string[]> {
    const found = await this.statements.run<{ topic: string }>(findUnfetched, { ...keysOf(offered, topics) });
    return found.map(({ topic }) => topic);
  }

  /** The text of a transaction that was started for this device, open or not. */
  async messageOf(to: OwnedDevice, id: string): Promise<string | undefined> {
    const [found] = await this.statements.run<{ message: Buffer }>(messageOf, { ...to, id });
    return found && this.sealed.open({ ...to, id }, 'message', found.message);
  }

  /** Undefined where the transaction was not started for the device, or the device is gone. */
  confirm(
    to: OwnedDevice,
    id: string,
    signature: string,
    actor: string,
  ): Promise<SignatureOutcome<Decided> | undefined> {
    const sealed = this.sealed.seal({ ...to, id }, 'signature', signature);
    return this.engine.transition(confirm, { ...to, id, signature: sealed, actor });
  }

  reject(to: OwnedDevice, id: string, actor: string): Promise<SignatureOutcome<Decided> | undefined> {
    return this.engine.transition(reject, { ...to, id, actor });
  }
}
