import { Injectable } from '@nestjs/common';
import { type ClientBase } from 'pg';
import { DataSource, Repository } from 'typeorm';
import { type OwnedDevice } from '../accounts/devices/device.repository';
import { literals, statement } from '../platform/database/statement';
import { Statements } from '../platform/database/statements';
import { type Alternative } from '../approvals/transition-statement';
import { LifecycleEngine, type OutcomeOf } from '../approvals/lifecycle-engine';
import { prepareFor, type RecallBy } from '../approvals/prepare';
import { offeredTopic, onceEnded } from './signature.topics';
import { SealedSignatures } from './sealed-signatures';
import { Signature } from './signature.entity';
import {
  heldStates,
  isOpenSignature,
  type OfferState,
  signatureLifecycle,
  type SignatureTransition,
} from './signature.lifecycle';

const prepare = prepareFor(signatureLifecycle);

/** Names one transaction of one user. */
interface SignatureKey {
  readonly tenantId: string;
  readonly userId: string;
  readonly id: string;
}

/** The devices of a user that a call addresses. */
export interface Addressed {
  readonly everyDevice: boolean;
  /** Empty where every device is addressed. */
  readonly deviceIds: readonly string[];
}

/** How many transactions of a user, and of a tenant, may be open. */
interface OpenLimits {
  readonly openPerUser: number;
  readonly openPerTenant: number;
}

export interface NewSignature extends SignatureKey, Addressed {
  readonly actor: string;
  readonly subjects: readonly string[];
  readonly onlineSeconds: number;
  readonly signatureSeconds: number;
  readonly message: string;
  readonly pushMessage: string | null;
  readonly pinRequired: boolean;
  readonly callbackUrl: string | null;
  readonly callbackHeaders: Buffer | null;
  readonly contentHash: Buffer;
}

interface Devices {
  readonly devices: Readonly<Record<string, OfferState>>;
}

const byKey = 'tenant_id = :tenantId AND id = :id AND user_id = :userId';

const isMeant = '(:everyDevice::boolean OR id::text = ANY(:deviceIds::text[]))';

/** Counted by a volatile function, which sees what has been committed since the statement began to wait for its turn. */
const hasRoom = 'signature_has_room(:tenantId, :userId, :openPerUser::int, :openPerTenant::int)';

/**
 * Its devices are those that the user has now; nothing begins where one that is named is gone. They are locked against
 * deletion meanwhile, after their user, in the order in which a deletion takes them.
 */
const beginSignature = prepare.begin({
  name: 'signature-begin',
  owner: 'tenant_user WHERE tenant_id = :tenantId AND user_id = :userId',
  inTurn: true,
  subjects: `ARRAY(SELECT 'device:' || id FROM device WHERE tenant_id = :tenantId AND user_id = :userId AND ${isMeant})`,
  values: {
    user_id: ':userId',
    devices: 'addressed.devices',
    expires_at: '_now + make_interval(secs => :onlineSeconds)',
    signature_seconds: ':signatureSeconds::integer',
    message: ':message::bytea',
    push_message: ':pushMessage::bytea',
    pin_required: ':pinRequired::boolean',
    callback_url: ':callbackUrl::bytea',
    callback_headers: ':callbackHeaders::bytea',
    content_hash: ':contentHash',
  },
  from: `(
    SELECT COALESCE(jsonb_object_agg(id::text, 'waiting'), '{}') AS devices FROM (
      SELECT id FROM device WHERE EXISTS (SELECT FROM owner) AND tenant_id = :tenantId AND user_id = :userId AND ${isMeant} ORDER BY id FOR KEY SHARE
    ) AS held HAVING (:everyDevice::boolean OR count(*) = cardinality(:deviceIds::text[])) AND ${hasRoom}
  ) AS addressed`,
  unlessTaken: true,
  notifies: offeredTopic,
});

const withSome = (condition: string) =>
  `EXISTS (SELECT 1 FROM jsonb_each_text(devices) AS held WHERE held.value IN (${literals(heldStates)}) AND ${condition})`;
const isHeldByMeant = withSome('held.key = ANY(:deviceIds::text[])');
const isHeldByOthers = withSome('held.key <> ALL(:deviceIds::text[])');

const withoutMeant = {
  devices: `(SELECT jsonb_object_agg(held.key, CASE
    WHEN held.key <> ALL(:deviceIds::text[]) THEN held.value
    WHEN held.value = 'waiting' THEN 'withdrawn'
    WHEN held.value = 'delivered' THEN 'recalled'
    ELSE held.value END) FROM jsonb_each_text(devices) AS held)`,
};

/** Withdraws a transaction from the addressed devices, and cancels it when no other device has it. */
const fromMeant: readonly Alternative<SignatureTransition>[] = [
  { transition: 'cancel', when: `:everyDevice::boolean OR (${isHeldByMeant} AND NOT ${isHeldByOthers})` },
  { transition: 'withdraw', when: isHeldByMeant, set: withoutMeant },
  { transition: 'recall', when: isHeldByMeant, set: withoutMeant },
];

export const cancelSignature = prepare.transition<Devices>({
  name: 'signature-cancel',
  where: byKey,
  transitions: fromMeant,
  returning: { devices: 'devices' },
  ...onceEnded,
});

const withdrawFromDevice = prepare.transition({
  name: 'signature-withdraw',
  where: `tenant_id = :tenantId AND user_id = :userId AND ${isOpenSignature}`,
  transitions: fromMeant,
  withReason: true,
  ...onceEnded,
});

const room = statement('signature-room', `SELECT ${hasRoom} AS room`);

/** The transitions of transactions, and what is read of them. */
@Injectable()
export class SignatureRepository extends Repository<Signature> {
  constructor(
    dataSource: DataSource,
    private readonly engine: LifecycleEngine,
    private readonly statements: Statements,
    private readonly sealed: SealedSignatures,
  ) {
    super(Signature, dataSource.manager);
  }

  /**
   * Begins a transaction; false where its id is taken, a device that it names is gone, or a limit is reached.
   * @throws Failed `frozen`
   */
  async begin(signature: NewSignature, { openPerUser, openPerTenant }: OpenLimits): Promise<boolean> {
    const content = {
      message: this.sealed.seal(signature, 'message', signature.message),
      pushMessage: this.sealed.seal(signature, 'push_message', signature.pushMessage),
      callbackUrl: this.sealed.seal(signature, 'callback_url', signature.callbackUrl),
    };
    const limits = { openPerUser, openPerTenant };
    const begun = await this.engine.begin(beginSignature, { ...signature, ...content, ...limits });
    return begun !== undefined;
  }

  /** Whether the transaction of this id is this user's and was started with this content. */
  async isSame({ tenantId, id, userId, contentHash }: NewSignature): Promise<boolean> {
    const found = await this.findOne({ select: { userId: true, contentHash: true }, where: { tenantId, id } });
    return found?.userId === userId && found.contentHash.equals(contentHash);
  }

  /** Whether another transaction of the user may be begun. */
  async hasRoom(tenantId: string, userId: string, { openPerUser, openPerTenant }: OpenLimits): Promise<boolean> {
    const values = { tenantId, userId, openPerUser, openPerTenant };
    const [found] = await this.statements.run<{ room: boolean }>(room, values);
    return found?.room === true;
  }

  cancel(
    key: SignatureKey,
    addressed: Addressed,
    actor: string,
  ): Promise<OutcomeOf<typeof signatureLifecycle, Devices> | undefined> {
    return this.engine.transition(cancelSignature, { ...key, ...addressed, actor });
  }

  /** Withdraws every open transaction of the user from a device that this database transaction deletes. */
  async withdrawAll({ tenantId, userId, deviceId }: OwnedDevice, by: RecallBy, client: ClientBase): Promise<void> {
    const from = { everyDevice: false, deviceIds: [deviceId] };
    await this.engine.transitionAll(withdrawFromDevice, { tenantId, userId, ...from, ...by }, client);
  }
}
