import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

export const recallStates = ['running', 'done', 'cancelled'] as const;
export type RecallState = (typeof recallStates)[number];

/** How far a recall is with one kind of approvals. */
export interface KindProgress {
  readonly kind: string;
  /** How many were pending when they were counted; null until then. */
  readonly total: number | null;
  /** How many of them it has ended. */
  readonly done: number;
}

/** A target as it is shown and kept: of a person's identifiers, what is no user id is masked. */
export interface ShownTarget {
  readonly person?: Readonly<Partial<Record<'userId' | 'email' | 'telephone' | 'signer', string>>>;
  readonly approval?: { readonly kind: string; readonly id: string };
  readonly relyingParty?: string;
  readonly client?: string;
  readonly device?: string;
  readonly tenant?: true;
}

/** The freeze that a recall began. */
export interface RecallFreeze {
  readonly id: string;
  readonly endsAt: string;
}

/** An approval that a recall met. */
export interface MetApproval {
  readonly kind: string;
  readonly id: string;
  readonly before: string;
  readonly after: string;
  /** Whether this recall ended it; otherwise it had ended already. */
  readonly ended: boolean;
  /** When it ended; null where that is not known. */
  readonly at: string | null;
}

/** What was to be ended, by whom and why, and how far that is. Its id is a UUID of version 7. */
@Entity({ name: 'recall' })
@Check('recall_state', `state IN ('running', 'done', 'cancelled')`)
@Check('recall_end', `(state = 'running') = (ended_at IS NULL)`)
@Unique('recall_key_unique', ['tenantId', 'keyHash'])
@Index('recall_of_tenant', ['tenantId', 'id'])
@Index('recall_running', ['id'], { where: `state = 'running'` })
export class Recall {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ name: 'tenant_id', type: 'text' })
  tenantId: string;

  /** As it may be shown: a person's identifiers masked. */
  @Column({ type: 'jsonb' })
  target: ShownTarget;

  @Column({ type: 'text', array: true })
  kinds: string[];

  @Column({ type: 'text' })
  reason: string;

  @Column({ type: 'text' })
  actor: string;

  @Column({ type: 'text' })
  state: RecallState;

  /** By the approvals' clock: those that began later are none of its own. */
  @Column({ name: 'begun_at', type: 'timestamptz' })
  begunAt: Date;

  @Column({ name: 'ended_at', type: 'timestamptz', nullable: true })
  endedAt: Date | null;

  @Column({ type: 'jsonb' })
  progress: KindProgress[];

  /** Those of one person, or the one; null where the target is wider. */
  @Column({ type: 'jsonb', nullable: true })
  approvals: MetApproval[] | null;

  @Column({ name: 'begun_freeze', type: 'jsonb', nullable: true })
  freeze: RecallFreeze | null;

  /** Keyed hashes of the `Idempotency-Key` and of the request that came with it. */
  @Column({ name: 'key_hash', type: 'bytea', nullable: true })
  keyHash: Buffer | null;

  @Column({ name: 'body_hash', type: 'bytea', nullable: true })
  bodyHash: Buffer | null;
}

/** A recall, or what would be one. */
export type RecallToShow = Omit<Recall, 'id' | 'keyHash' | 'bodyHash'> & { readonly id: string | null };

export function listed(recall: RecallToShow) {
  const { id, tenantId, target, kinds, reason, actor, state, begunAt, endedAt, progress } = recall;
  return { id, tenant: tenantId, target, kinds, reason, actor, state, begunAt, endedAt, progress };
}
