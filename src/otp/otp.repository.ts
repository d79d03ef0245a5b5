import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type Repository } from 'typeorm';
import { statement } from '../platform/database/statement';
import { Statements } from '../platform/database/statements';
import { LifecycleEngine, type Outcome, prepareBegin, prepareMove } from '../platform/lifecycle/lifecycle-engine';
import { OtpConfig } from './otp-config.entity';
import { otpLifecycle, type OtpMove, type OtpState } from './otp.lifecycle';
import { type OtpMethod, type OtpScope } from './otp.vocabulary';

/** Names one OTP. */
export interface OtpKey {
  readonly tenantId: string;
  readonly id: string;
  readonly scope: OtpScope;
}

export interface NewOtp extends OtpKey {
  readonly actor: string;
  readonly scopeId: string | null;
  readonly method: OtpMethod;
  readonly recipientHash: Buffer;
  readonly codeHash: Buffer;
  readonly sealed: Buffer;
  readonly maxAttempts: number;
  readonly lifeSeconds: number;
}

type OtpOutcome<Row = object> = Outcome<OtpState, OtpMove> & Row;

const byKey = 'tenant_id = :tenantId AND id = :id AND scope = :scope';

const beginOtp = prepareBegin<{ expiresAt: Date }>(otpLifecycle, {
  name: 'otp-begin',
  values: {
    scope: ':scope',
    scope_id: ':scopeId::text',
    method: ':method',
    recipient_hash: ':recipientHash',
    code_hash: ':codeHash',
    sealed: ':sealed',
    max_attempts: ':maxAttempts',
    expires_at: '_now + make_interval(secs => :lifeSeconds)',
  },
  returning: { expiresAt: 'expires_at' },
});

/** What is pending for a recipient gives way to a new one. */
const supersedeOtp = prepareMove(otpLifecycle, {
  name: 'otp-supersede',
  where: `tenant_id = :tenantId AND scope = :scope AND method = :method AND recipient_hash = :recipientHash AND status = 'pending'`,
  moves: ['cancel', 'lapse'],
});

export const cancelOtp = prepareMove(otpLifecycle, { name: 'otp-cancel', where: byKey, moves: ['cancel'] });

/** Counts the guess in the statement that judges it, so that no two guesses share an attempt. */
const verifyOtp = prepareMove<OtpState, OtpMove, { attempts: number; maxAttempts: number }>(otpLifecycle, {
  name: 'otp-verify',
  where: byKey,
  moves: [
    { move: 'verify', when: 'code_hash = :codeHash', set: { attempts: 'attempts + 1' } },
    { move: 'exhaust', when: 'attempts + 1 >= max_attempts', set: { attempts: 'attempts + 1' } },
    { move: 'miss', set: { attempts: 'attempts + 1' } },
  ],
  returning: { attempts: 'attempts', maxAttempts: 'max_attempts' },
});

const lockRecipient = statement(
  'otp-lock-recipient',
  `SELECT pg_advisory_xact_lock(hashtextextended(encode(:recipientHash::bytea, 'hex') || :scope || :method, 0))`,
);

@Injectable()
export class OtpRepository {
  constructor(
    private readonly engine: LifecycleEngine,
    private readonly statements: Statements,
    @InjectRepository(OtpConfig) private readonly configs: Repository<OtpConfig>,
  ) {}

  /** The tenant's stored configuration, as it stands there; undefined where there is none. */
  async configOf(tenantId: string): Promise<unknown> {
    return (await this.configs.findOneBy({ tenantId }))?.settings;
  }

  /**
   * Begins an OTP and ends what was pending for the same recipient, both or neither.
   * Rival creates for one recipient take turns, so exactly one OTP stays pending.
   */
  create(otp: NewOtp): Promise<{ expiresAt: Date }> {
    const { tenantId, scope, method, recipientHash, actor } = otp;
    return this.statements.transaction(async (client) => {
      await this.statements.run(lockRecipient, { recipientHash, scope, method }, client);
      await this.engine.moveAll(supersedeOtp, { tenantId, scope, method, recipientHash, actor }, client);
      const begun = await this.engine.begin(beginOtp, { ...otp }, client);
      if (begun === undefined) throw new Error('A new OTP has not been stored');
      return begun;
    });
  }

  cancel(key: OtpKey, actor: string): Promise<OtpOutcome | undefined> {
    return this.engine.move(cancelOtp, { ...key, actor });
  }

  verify(
    key: OtpKey,
    codeHash: Buffer,
    actor: string,
  ): Promise<OtpOutcome<{ attempts: number; maxAttempts: number }> | undefined> {
    return this.engine.move(verifyOtp, { ...key, codeHash, actor });
  }
}
