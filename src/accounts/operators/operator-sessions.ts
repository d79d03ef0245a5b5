import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { statement } from '../../platform/database/statement';
import { Statements } from '../../platform/database/statements';
import { type Browser, type CookieAttributes, cookiesNamed } from '../../platform/http/browser';
import { Jobs } from '../../platform/jobs/jobs';
import { clearing } from '../../platform/jobs/recurring-jobs';
import { hashSecret, newSecret } from '../../platform/secrets/random-secret';
import { type Settings, SETTINGS } from '../../platform/settings/settings';
import { type Operator } from './operator';

/** Since its last call. */
const idleSeconds = 30 * 60;

/** From the log-in on: roles that the provider has taken away meanwhile end with it. */
const lifeSeconds = 8 * 60 * 60;

const begin = statement(
  'operator-session-begin',
  `WITH ended AS (DELETE FROM operator_session WHERE hash = :earlier::bytea)
   INSERT INTO operator_session (hash, actor, name, role, tenants, seen_at, ends_at)
   VALUES (:hash, :actor, :name, :role, :tenants, clock_timestamp(), clock_timestamp() + make_interval(secs => ${lifeSeconds}))`,
);
const find = statement(
  'operator-session-find',
  `UPDATE operator_session SET seen_at = clock_timestamp()
   WHERE hash = :hash AND ends_at > clock_timestamp()
     AND seen_at > clock_timestamp() - make_interval(secs => ${idleSeconds})
   RETURNING actor, name, role, tenants`,
);
const end = statement('operator-session-end', 'DELETE FROM operator_session WHERE hash = :hash');
const clearAway = clearing('operator-sessions-clear-away', 'operator_session', 'ends_at');

type Row = Omit<Operator, 'tenants'> & { readonly tenants: readonly string[] | null };

/**
 * Operators who have logged in with a browser. A session is a row under the hash of the secret in its cookie, so that it ends on
 * all nodes at once; it is looked for in each call.
 */
@Injectable()
export class OperatorSessions implements OnModuleInit {
  private readonly cookie: string;
  private readonly attributes: CookieAttributes;

  constructor(
    @Inject(SETTINGS) { operators, publicUrl }: Settings,
    private readonly statements: Statements,
    private readonly jobs: Jobs,
  ) {
    const secure = (operators?.adminUrl ?? publicUrl).startsWith('https:');
    this.cookie = `${secure ? '__Host-' : ''}rescind-operator`;
    this.attributes = { path: '/', httpOnly: true, sameSite: 'lax', secure };
  }

  onModuleInit(): void {
    this.jobs.daily('clear-away-operator-sessions', clearAway);
  }

  /** A new one; that which the browser had before ends. */
  async begin(browser: Browser, { actor, name, role, tenants }: Operator): Promise<void> {
    const secret = newSecret();
    const kept = { actor, name, role, tenants: tenants === 'all' ? null : tenants };
    await this.statements.run(begin, { ...kept, hash: hashSecret(secret), earlier: this.hashOf(browser) ?? null });
    browser.setCookie(this.cookie, secret, this.attributes);
  }

  /** Whose session the browser has; undefined where it has none, or it is over. */
  async operatorOf(browser: Pick<Browser, 'cookies'>): Promise<Operator | undefined> {
    const hash = this.hashOf(browser);
    const [found] = hash === undefined ? [] : await this.statements.run<Row>(find, { hash });
    return found && { ...found, tenants: found.tenants ?? 'all' };
  }

  async end(browser: Browser): Promise<void> {
    const hash = this.hashOf(browser);
    if (hash !== undefined) await this.statements.run(end, { hash });
    browser.clearCookie(this.cookie, this.attributes);
  }

  private hashOf(browser: Pick<Browser, 'cookies'>): Buffer | undefined {
    const [secret] = cookiesNamed(this.cookie, browser);
    return secret === undefined ? undefined : hashSecret(secret);
  }
}
