import { Injectable, type OnModuleInit } from '@nestjs/common';
import { statement } from '../../platform/database/statement';
import { Statements } from '../../platform/database/statements';
import { clearing } from '../../platform/jobs/recurring-jobs';
import { Jobs } from '../../platform/jobs/jobs';

const spend = statement(
  'spend-token',
  `INSERT INTO spent_token (audience, jti, expires_at) VALUES (:audience, :jti, to_timestamp(:expiresAtSeconds))
   ON CONFLICT (audience, jti) DO UPDATE SET expires_at = EXCLUDED.expires_at WHERE spent_token.expires_at <= clock_timestamp()
   RETURNING jti`,
);
const find = statement(
  'spent-token-find',
  'SELECT jti FROM spent_token WHERE audience = :audience AND jti = :jti AND expires_at > clock_timestamp()',
);
const clearAway = clearing('spent-tokens-clear-away', 'spent_token', 'expires_at');

/**
 * How long beyond its end a token is remembered, in seconds. It may serve until its end plus the skew by the clock of
 * the node that is asked, and that clock may be behind the database's, which ends the remembering.
 */
const rememberedBeyondSeconds = 300;

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Remembers the `jti` of each token that serves once, on all nodes, until long after the token has ended. */
@Injectable()
export class SpentTokens implements OnModuleInit {
  constructor(
    private readonly statements: Statements,
    private readonly jobs: Jobs,
  ) {}

  onModuleInit(): void {
    this.jobs.daily('clear-away-spent-tokens', clearAway);
  }

  /**
   * Whether this token serves now, which spends it.
   * @param audience within which a `jti` is unique
   */
  async spend(audience: string, jti: unknown, expSeconds: number): Promise<boolean> {
    if (typeof jti !== 'string' || !uuid.test(jti)) return false;
    const expiresAtSeconds = Math.ceil(expSeconds) + rememberedBeyondSeconds;
    return (await this.statements.run(spend, { audience, jti, expiresAtSeconds })).length === 1;
  }

  /** Whether this has been spent; it need not be so a moment later. */
  async isSpent(audience: string, jti: string): Promise<boolean> {
    return (await this.statements.run(find, { audience, jti })).length === 1;
  }
}
