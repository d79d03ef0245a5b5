import { type Lifecycle } from './lifecycle';
import { type Changes, type TransitionPlan } from './transition-statement';

/** What a tenant's person is known by. Hashes are keyed; null is what is not known. */
export interface PersonKeys {
  readonly userId: string | null;
  readonly emailHash: Buffer | null;
  readonly telephoneHash: Buffer | null;
  readonly signerHash: Buffer | null;
}

/** Whose approvals are meant, within a tenant: a person's, all that a party or client began, a device's, one, or all. */
export type Target =
  | { readonly person: PersonKeys }
  | { readonly relyingParty: string }
  | { readonly client: string }
  | { readonly device: string }
  | { readonly approval: string }
  | { readonly tenant: true };

export type TargetName = 'person' | 'relyingParty' | 'client' | 'device' | 'approval' | 'tenant';

/**
 * How the approvals of one kind are found, shown and recalled. Conditions are SQL over the columns of the kind's table.
 * Each compares one column for equality, which with `tenant_id` before and `status, begun_at` after it is an index.
 */
export interface Finding {
  /** Each finds a person's approvals by one of `:userId`, `:emailHash`, `:telephoneHash` and `:signerHash`, which may be null. */
  readonly person: readonly string[];
  /** Over `:relyingParty`, the client id; absent where relying parties begin none. */
  readonly relyingParty?: string;
  /** Over `:device`, the device's id; absent where devices are asked for none. */
  readonly device?: string;
  /** What administrators are shown of one besides the columns that all have: name → SQL. No code, content, or recipient in clear. */
  readonly facts: Readonly<Record<string, string>>;
  /** The channels of deliveries about its approvals; none where nothing but events is delivered. */
  readonly channels?: readonly string[];
  /** What a recall sets besides. */
  readonly recallSet?: Changes;
  /** What follows once one has ended. */
  readonly onceEnded?: Pick<TransitionPlan<string>, 'also' | 'notifies' | 'nudges'>;
}

/** One kind of approval, as search, recall and freeze know it: what an API says in its registration. */
export interface ApprovalKind {
  /** The API's name, such as `sign-request`; the lifecycle has another, that of its table. */
  readonly name: string;
  readonly lifecycle: Lifecycle;
  readonly finding: Finding;
}

/** SQL: the conditions that each find some of a target's approvals of this kind; none where it has none. */
export function conditionsOf({ finding }: ApprovalKind, target: TargetName): readonly string[] {
  const conditions = {
    person: finding.person,
    relyingParty: finding.relyingParty === undefined ? [] : [finding.relyingParty],
    client: [`begun_by = 'bearer:' || :client::text`],
    device: finding.device === undefined ? [] : [finding.device],
    approval: ['id = :approval'],
    tenant: ['true'],
  } as const satisfies Record<TargetName, readonly string[]>;
  return conditions[target];
}

/** A target's name, and what its conditions are bound to. */
export function readTarget(target: Target): { name: TargetName; values: Readonly<Record<string, unknown>> } {
  const [name] = Object.keys(target) as [TargetName];
  return { name, values: 'person' in target ? { ...target.person } : 'tenant' in target ? {} : { ...target } };
}

/**
 * What beginnings and recalls of a target's approvals lock, and freezes name: `tenant`, `relying-party:<id>`, `client:<id>`,
 * `device:<id>`, `user:<id>`, and of a person's other identifiers the hash in hexadecimal (`email:`, `telephone:`, `signer:`).
 * @returns none of a single approval
 */
export function subjectsOf(target: Target): string[] {
  if ('tenant' in target) return ['tenant'];
  if ('relyingParty' in target) return [`relying-party:${target.relyingParty}`];
  if ('client' in target) return [`client:${target.client}`];
  if ('device' in target) return [`device:${target.device}`];
  return 'person' in target ? subjectsOfPerson(target.person) : [];
}

export function subjectsOfPerson({ userId, emailHash, telephoneHash, signerHash }: Partial<PersonKeys>): string[] {
  const hashes = { email: emailHash, telephone: telephoneHash, signer: signerHash };
  const named = Object.entries(hashes).flatMap(([kind, hash]) => (hash ? [`${kind}:${hash.toString('hex')}`] : []));
  return userId == null ? named : [`user:${userId}`, ...named];
}

/** The kinds of approval of this server, in the order in which what touches several of them locks their rows. */
export class ApprovalKinds {
  constructor(readonly all: readonly ApprovalKind[]) {}

  find(name: string): ApprovalKind | undefined {
    return this.all.find((kind) => kind.name === name);
  }
}
