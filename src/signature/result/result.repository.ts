import { Injectable } from '@nestjs/common';
import { statement } from '../../platform/database/statement';
import { Statements } from '../../platform/database/statements';
import { SealedSignatures } from '../sealed-signatures';
import { effectiveState, now } from '../../approvals/transition-statement';
import { isIn } from '../../approvals/lifecycle';
import { signatureLifecycle, type SignatureState } from '../signature.lifecycle';
import { ended, endedTopic, keysOf } from '../signature.topics';
import { type Signature } from '../signature.entity';

/** The part of a transaction that its result is made of; `state` is the effective one. */
export type Finished = Pick<Signature, 'userId' | 'devices' | 'deliveredAt' | 'decidedBy'> & {
  readonly id: string;
  /** The device's compact JWS, where it confirmed. */
  readonly signature: string | null;
  readonly state: SignatureState;
};

/** A transaction as its caller may see it now. */
type Current = Finished & {
  /** Until its timeout. */
  readonly secondsLeft: number;
};

interface Callback {
  readonly url: string | null;
  /** Sealed. */
  readonly headers: Buffer | null;
}

/** As stored. */
type Found = Omit<Current & Callback, 'signature' | 'url'> & {
  readonly signature: Buffer | null;
  readonly url: Buffer | null;
};

const find = statement(
  'signature-find',
  `WITH clock AS MATERIALIZED (SELECT ${now} AS instant)
   SELECT id, user_id AS "userId", devices, delivered_at AS "deliveredAt", decided_by AS "decidedBy", signature,
     ${effectiveState(signatureLifecycle, 'instant')} AS state,
     extract(epoch FROM expires_at - instant)::float8 AS "secondsLeft",
     callback_url AS "url", callback_headers AS "headers"
   FROM signature, clock WHERE tenant_id = :tenantId AND id = :id`,
);

const findEnded = statement(
  'signature-ended',
  `WITH clock AS MATERIALIZED (SELECT ${now} AS instant)
   SELECT ${endedTopic} AS topic FROM signature, clock
   WHERE (tenant_id, id) IN (SELECT * FROM unnest(:tenantIds::text[], :others::text[]))
     AND ${isIn(signatureLifecycle, signatureLifecycle.terminal, effectiveState(signatureLifecycle, 'instant'))}`,
);

@Injectable()
export class ResultRepository {
  constructor(
    private readonly statements: Statements,
    private readonly sealed: SealedSignatures,
  ) {}

  /** The current state of a transaction, timeouts included; undefined where there is none. */
  async find(tenantId: string, id: string): Promise<(Current & Callback) | undefined> {
    const [found] = await this.statements.run<Found>(find, { tenantId, id });
    return (
      found && {
        ...found,
        signature: this.sealed.open({ tenantId, id }, 'signature', found.signature),
        url: this.sealed.open({ tenantId, id }, 'callback_url', found.url),
      }
    );
  }

  /** Of these topics, those whose transaction is over by the clock. */
  async ended(topics: readonly string[]): Promise<string[]> {
    const found = await this.statements.run<{ topic: string }>(findEnded, { ...keysOf(ended, topics) });
    return found.map(({ topic }) => topic);
  }
}
