import { Injectable, type OnModuleInit } from '@nestjs/common';
import { statement } from '../database/statement';
import { Statements } from '../database/statements';
import { Jobs } from '../jobs/jobs';
import { clockSkewSeconds } from './token-times';

const spend = statement(
  'spend-token',
  `INSERT INTO spent_token (audience, jti, expires_at) VALUES (:audience, :jti, to_timestamp(:expiresAtSeconds))
   ON CONFLICT (audience, jti) DO UPDATE SET expires_at = EXCLUDED.expires_at WHERE spent_token.expires_at <= clock_timestamp()
   RETURNING jti`,
);
const clearAway = statement('spent-tokens-clear-away', 'DELETE FROM spent_token WHERE expires_at <= clock_timestamp()');

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Remembers the `jti` of each token that serves once, on all nodes, until the token would have ended anyway. */
@Injectable()
export class SpentTokens implements OnModuleInit {
  constructor(
    private readonly statements: Statements,
    private readonly jobs: Jobs,
  ) {}

  onModuleInit(): void {
    this.jobs.daily('clear-away-spent-tokens', async () => {
      await this.statements.run(clearAway, {});
    });
  }

  /**
   * Whether this token serves now, which spends it.
   * @param audience whose `jti`s are told apart from everybody else's
   */
  async spend(audience: string, jti: unknown, expSeconds: number): Promise<boolean> {
    if (typeof jti !== 'string' || !uuid.test(jti)) return false;
    const expiresAtSeconds = expSeconds + clockSkewSeconds;
    return (await this.statements.run(spend, { audience, jti, expiresAtSeconds })).length === 1;
  }
}
