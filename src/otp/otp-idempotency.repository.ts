import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type ClientBase } from 'pg';
import { statement } from '../platform/database/statement';
import { Statements } from '../platform/database/statements';
import { clearing } from '../platform/jobs/recurring-jobs';
import { Jobs } from '../platform/jobs/jobs';
import { Vault } from '../platform/secrets/vault';
import { type CreatedOtp } from './otp.dto';
import { OtpRefusal } from './otp.errors';

/** A request that may be repeated: it is the same where key and body are. */
export interface IdempotentRequest {
  readonly tenantId: string;
  readonly keyHash: Buffer;
  readonly bodyHash: Buffer;
}

/** How long a repetition is recognised, in hours. */
const keptHours = 24;

const lockKey = statement(
  'otp-idempotency-lock',
  `SELECT pg_try_advisory_xact_lock(hashtextextended('otp idempotency' || :tenantId || encode(:keyHash::bytea, 'hex'), 0)) AS locked`,
);

const find = statement(
  'otp-idempotency-find',
  `SELECT body_hash = :bodyHash AS same, answer FROM otp_idempotency
   WHERE tenant_id = :tenantId AND key_hash = :keyHash AND ends_at > clock_timestamp()`,
);

const remember = statement(
  'otp-idempotency-remember',
  `INSERT INTO otp_idempotency (tenant_id, key_hash, body_hash, answer, ends_at)
   VALUES (:tenantId, :keyHash, :bodyHash, :answer, clock_timestamp() + make_interval(hours => :keptHours))
   ON CONFLICT (tenant_id, key_hash) DO UPDATE
   SET body_hash = EXCLUDED.body_hash, answer = EXCLUDED.answer, ends_at = EXCLUDED.ends_at`,
);

const clearAway = clearing('otp-idempotency-clear-away', 'otp_idempotency', 'ends_at');

/** Stores the answers to creates with an `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header). */
@Injectable()
export class OtpIdempotencyRepository implements OnModuleInit {
  constructor(
    private readonly statements: Statements,
    private readonly vault: Vault,
    private readonly jobs: Jobs,
  ) {}

  onModuleInit(): void {
    this.jobs.daily('clear-away-otp-idempotency', clearAway);
  }

  /** @param body the request's content, normalised */
  requestOf(tenantId: string, key: string, body: object): IdempotentRequest {
    const keyHash = this.vault.mac('otp-idempotency-key', tenantId, key);
    const bodyHash = this.vault.mac('otp-idempotency-body', tenantId, JSON.stringify(body));
    return { tenantId, keyHash, bodyHash };
  }

  /**
   * The stored answer to this request, or undefined; locks the key until the transaction ends.
   * @throws OtpRefusal IDEMPOTENCY_KEY_IN_USE when another transaction has the key,
   *   IDEMPOTENCY_KEY_REUSED when it came with another body before
   */
  async answerOf({ tenantId, keyHash, bodyHash }: IdempotentRequest, client: ClientBase) {
    const [lock] = await this.statements.run<{ locked: boolean }>(lockKey, { tenantId, keyHash }, client);
    if (lock?.locked !== true) throw new OtpRefusal('IDEMPOTENCY_KEY_IN_USE');
    const values = { tenantId, keyHash, bodyHash };
    const [found] = await this.statements.run<{ same: boolean; answer: CreatedOtp }>(find, values, client);
    if (found?.same === false) throw new OtpRefusal('IDEMPOTENCY_KEY_REUSED');
    return found?.answer;
  }

  async remember(request: IdempotentRequest, answer: CreatedOtp, client: ClientBase): Promise<void> {
    await this.statements.run(remember, { ...request, answer: JSON.stringify(answer), keptHours }, client);
  }
}
