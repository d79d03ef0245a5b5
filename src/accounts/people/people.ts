import { Injectable } from '@nestjs/common';
import { type ClientBase } from 'pg';
import { type PersonKeys } from '../../approvals/finding';
import { statement } from '../../platform/database/statement';
import { Statements } from '../../platform/database/statements';
import { type IdentifierKind, identifierKinds, type KeptIdentifier } from './identifiers';

/** What a person is looked up by: the user id, or any one identifier. */
export type PersonReference = { readonly userId: string } | Pick<KeptIdentifier, 'kind' | 'hash'>;

/** What may be shown of a user's identifiers; null where the user has none of that kind. */
export type MaskedIdentifiers = Readonly<Record<IdentifierKind, string | null>>;

/** Names one user of a tenant. */
interface UserKey {
  readonly tenantId: string;
  readonly userId: string;
}

interface NewPerson {
  readonly displayName: string | null;
  readonly identifiers: readonly KeptIdentifier[];
}

interface PersonChanges {
  readonly displayName?: string | null;
  readonly identifiers: Readonly<Partial<Record<IdentifierKind, KeptIdentifier | null>>>;
}

const find = statement(
  'person-find',
  `SELECT user_id AS "userId", kind, hash FROM person_identifier
   WHERE tenant_id = :tenantId AND user_id = COALESCE(:userId::text,
     (SELECT user_id FROM person_identifier WHERE tenant_id = :tenantId AND kind = :kind AND hash = :hash::bytea))`,
);

const maskedOf = statement(
  'person-masked',
  `SELECT user_id AS "userId", kind, masked FROM person_identifier
   WHERE tenant_id = :tenantId AND user_id = ANY(:userIds::text[])`,
);

const given = 'unnest(:kinds::text[], :hashes::bytea[], :masks::text[]) AS given (kind, hash, masked)';

const register = statement(
  'person-register',
  `WITH registered AS (
     INSERT INTO tenant_user (tenant_id, user_id, display_name) VALUES (:tenantId, :userId, :displayName) RETURNING *
   ), identified AS (
     INSERT INTO person_identifier (tenant_id, user_id, kind, hash, masked)
     SELECT tenant_id, user_id, given.* FROM registered, ${given}
   )
   SELECT created_at AS "createdAt" FROM registered`,
);

const change = statement(
  'person-change',
  `WITH changed AS (
     UPDATE tenant_user SET display_name = CASE WHEN :renamed::boolean THEN :displayName ELSE display_name END
     WHERE tenant_id = :tenantId AND user_id = :userId RETURNING tenant_id, user_id
   ), removed AS (
     DELETE FROM person_identifier WHERE tenant_id = :tenantId AND user_id = :userId AND kind = ANY(:removed::text[])
   ), identified AS (
     INSERT INTO person_identifier (tenant_id, user_id, kind, hash, masked)
     SELECT tenant_id, user_id, given.* FROM changed, ${given}
     ON CONFLICT (tenant_id, user_id, kind) DO UPDATE SET hash = EXCLUDED.hash, masked = EXCLUDED.masked
   )
   SELECT 1 FROM changed`,
);

/** A tenant's users and what they are known by. */
@Injectable()
export class People {
  constructor(private readonly statements: Statements) {}

  /** All that a person is known by. An identifier that no user has is itself alone. */
  async keysOf(tenantId: string, by: PersonReference, client?: ClientBase): Promise<PersonKeys> {
    const asked =
      'userId' in by ? { userId: by.userId, kind: null, hash: null } : { userId: null, kind: by.kind, hash: by.hash };
    const found = await this.statements.run<{ userId: string; kind: IdentifierKind; hash: Buffer }>(
      find,
      { tenantId, ...asked },
      client,
    );
    const hashOf = (kind: IdentifierKind) =>
      found.find((each) => each.kind === kind)?.hash ?? (asked.kind === kind ? asked.hash : null);
    return {
      userId: asked.userId ?? found[0]?.userId ?? null,
      emailHash: hashOf('email'),
      telephoneHash: hashOf('telephone'),
      signerHash: hashOf('signer'),
    };
  }

  /** What may be shown of each of these users' identifiers, in their order. */
  async maskedOf(tenantId: string, userIds: readonly string[]): Promise<MaskedIdentifiers[]> {
    const found = await this.statements.run<{ userId: string; kind: IdentifierKind; masked: string }>(maskedOf, {
      tenantId,
      userIds,
    });
    return userIds.map((userId) => {
      const own = found.filter((each) => each.userId === userId);
      const shown = (kind: IdentifierKind) => own.find((each) => each.kind === kind)?.masked ?? null;
      return { email: shown('email'), telephone: shown('telephone'), signer: shown('signer') };
    });
  }

  /** @throws DatabaseError (of pg) `person_identifier_unique` when another user of the tenant has one of the identifiers */
  async register(user: UserKey, { displayName, identifiers }: NewPerson): Promise<Date> {
    const values = { ...user, displayName, ...columnsOf(identifiers) };
    const [registered] = await this.statements.run<{ createdAt: Date }>(register, values);
    if (registered === undefined) throw new Error('A new user has not been stored');
    return registered.createdAt;
  }

  /**
   * Changes what is given; null takes it away.
   * @returns whether there is such a user
   * @throws DatabaseError (of pg) `person_identifier_unique` when another user of the tenant has one of the identifiers
   */
  async change(user: UserKey, { displayName, identifiers }: PersonChanges): Promise<boolean> {
    const kept = identifierKinds.flatMap((kind) => identifiers[kind] ?? []);
    const removed = identifierKinds.filter((kind) => identifiers[kind] === null);
    const renamed = displayName !== undefined;
    const values = { ...user, renamed, displayName: displayName ?? null, removed, ...columnsOf(kept) };
    return (await this.statements.run(change, values)).length > 0;
  }
}

function columnsOf(identifiers: readonly KeptIdentifier[]) {
  return {
    kinds: identifiers.map(({ kind }) => kind),
    hashes: identifiers.map(({ hash }) => hash),
    masks: identifiers.map(({ masked }) => masked),
  };
}
