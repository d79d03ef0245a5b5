import { Inject, Injectable } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { OperatorRefusal } from '../../accounts/operators/authorization';
import { type Operator, type Role, roles } from '../../accounts/operators/operator';
import { OperatorSessions } from '../../accounts/operators/operator-sessions';
import { callbackPath, OperatorsIssuer } from '../../accounts/operators/operators-issuer';
import { Audit } from '../../approvals/audit/audit';
import { type Attempt, newAttempt } from '../../platform/auth/openid-provider';
import { type Browser } from '../../platform/http/browser';
import { SealedCookie } from '../../platform/http/browser';
import { Vault } from '../../platform/secrets/vault';
import { type Settings, SETTINGS } from '../../platform/settings/settings';
import { CallRecord, type RecordedRequest } from '../call-record';

/** An operator as it sees itself. */
export class ShownOperator {
  @ApiProperty({ description: 'Its name in history and audit.' })
  actor: string;

  @ApiProperty({ example: 'alice' })
  name: string;

  @ApiProperty({ enum: roles })
  role: Role;

  @ApiProperty({ type: [String], nullable: true, description: 'Null: all.' })
  tenants: readonly string[] | null;
}

interface PendingLogin extends Attempt {
  /** Where the browser goes once it has logged in. */
  readonly destination: string;
}

const attemptSeconds = 10 * 60;

/** Where the browser goes that named no other place. */
const defaultDestination = '/admin/v1/session';

/** Logs operators in and out with a browser. */
@Injectable()
export class LoginService {
  private readonly cookie: SealedCookie<PendingLogin>;
  private readonly adminUrl: string;

  constructor(
    @Inject(SETTINGS) { operators, publicUrl }: Settings,
    vault: Vault,
    private readonly issuer: OperatorsIssuer,
    private readonly sessions: OperatorSessions,
    private readonly audit: Audit,
  ) {
    this.adminUrl = operators?.adminUrl ?? publicUrl;
    const secure = this.adminUrl.startsWith('https:');
    this.cookie = new SealedCookie(vault, 'rescind-operator-login', attemptSeconds, secure);
  }

  /**
   * Where to send the browser.
   * @param destination a path of this server to come to in the end; any other address is overlooked
   * @throws OperatorRefusal NO_LOGIN; Failed `unavailable` when the provider cannot be reached
   */
  async start(browser: Browser, destination: unknown): Promise<string> {
    const attempt = newAttempt();
    const url = await this.issuer.start(attempt);
    this.cookie.write(browser, callbackPath, { ...attempt, destination: this.own(destination) });
    return url;
  }

  /** Begins a session, and answers where to go. @throws OperatorRefusal LOGIN_FAILED, NO_ROLE, NO_LOGIN */
  async finish(browser: Browser, request: RecordedRequest): Promise<string> {
    const pending = this.cookie.read(browser, callbackPath);
    if (pending === undefined) throw new OperatorRefusal('LOGIN_FAILED');
    this.cookie.clear(browser, callbackPath);
    const operator = await this.issuer.finish(browser.address, pending);
    const record = new CallRecord(this.audit, request, operator);
    await record.around(async () => {
      await record.begin();
      await this.sessions.begin(browser, operator);
    }, sentOn);
    return pending.destination;
  }

  show({ actor, name, role, tenants }: Operator): ShownOperator {
    return { actor, name, role, tenants: tenants === 'all' ? null : tenants };
  }

  /** Ends the session of the browser, if it has one. */
  logOut(browser: Browser): Promise<void> {
    return this.sessions.end(browser);
  }

  /** Whole, since a path alone can lead elsewhere: `//example.com`. */
  private own(destination: unknown): string {
    const fallback = this.adminUrl + defaultDestination;
    if (typeof destination !== 'string' || !URL.canParse(destination, this.adminUrl)) return fallback;
    const url = new URL(destination, this.adminUrl);
    return url.origin === new URL(this.adminUrl).origin ? url.href : fallback;
  }
}

/** What a log-in is answered. */
const sentOn = { statusCode: 303 };
