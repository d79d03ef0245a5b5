import { randomInt } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { clearing } from '../../platform/jobs/recurring-jobs';
import { Jobs } from '../../platform/jobs/jobs';
import { statement } from '../../platform/database/statement';
import { Statements } from '../../platform/database/statements';
import { Vault } from '../../platform/secrets/vault';

/** Shown once to the operator, who passes it to the user. */
export interface IssuedActivationCode {
  readonly activationCode: string;
  readonly expiresAt: Date;
}

/** 32 letters and digits that cannot be mistaken for one another: ten of them hold 50 bits. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const length = 10;
const lifeSeconds = 600;

const insert = statement(
  'activation-code-insert',
  `INSERT INTO activation_code (hash, tenant_id, user_id, expires_at)
   SELECT :hash, tenant_id, user_id, clock_timestamp() + make_interval(secs => :lifeSeconds)
   FROM tenant_user WHERE tenant_id = :tenantId AND user_id = :userId
   RETURNING expires_at AS "expiresAt"`,
);

const tenantOf = statement(
  'activation-code-tenant',
  'SELECT tenant_id AS "tenantId" FROM activation_code WHERE hash = :hash',
);

const clearAway = clearing('activation-code-clear-away', 'activation_code', 'expires_at');

/** The codes by which a user's devices are enrolled: each serves once, within ten minutes, and is kept as a keyed hash. */
@Injectable()
export class ActivationCodes implements OnModuleInit {
  constructor(
    private readonly statements: Statements,
    private readonly vault: Vault,
    private readonly jobs: Jobs,
  ) {}

  onModuleInit(): void {
    this.jobs.daily('clear-away-activation-codes', clearAway);
  }

  /** A new code for a user; undefined where there is no such user. */
  async issue(tenantId: string, userId: string): Promise<IssuedActivationCode | undefined> {
    const characters = Array.from({ length }, () => alphabet[randomInt(alphabet.length)] ?? '');
    const activationCode = `${characters.slice(0, 5).join('')}-${characters.slice(5).join('')}`;
    const values = { hash: this.hash(activationCode), tenantId, userId, lifeSeconds };
    const [issued] = await this.statements.run<{ expiresAt: Date }>(insert, values);
    return issued && { activationCode, expiresAt: issued.expiresAt };
  }

  /** The tenant of a code; undefined where there is no such code. */
  async tenantOf(hash: Buffer): Promise<string | undefined> {
    const [found] = await this.statements.run<{ tenantId: string }>(tenantOf, { hash });
    return found?.tenantId;
  }

  /** Keyed hash that finds a code; ignores case, spaces and hyphens. */
  hash(activationCode: string): Buffer {
    return this.vault.mac('activation-code', '', activationCode.toUpperCase().replace(/[\s-]/g, ''));
  }
}
