import { Inject, Injectable, Logger } from '@nestjs/common';
import { type Attempt, newAttempt } from '../../platform/auth/openid-provider';
import { type Browser, SealedCookie } from '../../platform/http/browser';
import { Vault } from '../../platform/secrets/vault';
import { type Settings, SETTINGS } from '../../platform/settings/settings';
import { PortalRefusal } from '../portal/portal.errors';
import { type Person } from './visitors';

/** The person could not be identified; `message` says why, to the log and not to the page. */
export class IdentificationFailed extends Error {
  override readonly name = 'IdentificationFailed';
}

/** Who identifies people: a simulated login in the sandbox, OpenID Connect otherwise. */
export abstract class IdentityProvider {
  /** Where the person is sent. @throws IdentificationFailed when the provider cannot be reached */
  abstract start(attempt: Attempt): Promise<string>;

  /**
   * Who has come back.
   * @param callback the address they came back to, with its query
   * @throws IdentificationFailed when it is not the answer to this attempt, or says no
   */
  abstract finish(callback: URL, attempt: Attempt): Promise<Person>;
}

/** Where every provider sends people back to. */
export const callbackPath = '/identity/callback';

/** Neither a sandbox nor a provider: no person can be identified, so none can sign. */
export class NoIdentity extends IdentityProvider {
  /** @throws PortalRefusal NO_IDENTITY_PROVIDER always */
  start(): Promise<never> {
    return Promise.reject(new PortalRefusal('NO_IDENTITY_PROVIDER'));
  }

  /** @throws PortalRefusal NO_IDENTITY_PROVIDER always */
  finish(): Promise<never> {
    return this.start();
  }
}

interface PendingAttempt extends Attempt {
  /** The page the person wants to see. */
  readonly page: string;
}

const attemptSeconds = 10 * 60;

/** Sends a person to be identified, and knows them and their signing context again when they come back. */
@Injectable()
export class Identification {
  private readonly log = new Logger('Identification');
  private readonly cookie: SealedCookie<PendingAttempt>;

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    vault: Vault,
    private readonly provider: IdentityProvider,
  ) {
    const secure = settings.publicUrl.startsWith('https:');
    this.cookie = new SealedCookie(vault, 'rescind-attempt', attemptSeconds, secure);
  }

  /** Where to send the person. @throws PortalRefusal NOT_IDENTIFIED, NO_IDENTITY_PROVIDER */
  async start(browser: Browser, page: string): Promise<string> {
    const attempt = newAttempt();
    this.cookie.write(browser, callbackPath, { ...attempt, page });
    return await this.provider.start(attempt).catch((error: unknown) => this.refuse(error));
  }

  /** Who has come back, and for which page. @throws PortalRefusal NOT_IDENTIFIED */
  async finish(browser: Browser): Promise<{ person: Person; page: string }> {
    const attempt = this.cookie.read(browser, callbackPath);
    if (attempt === undefined) throw new PortalRefusal('NOT_IDENTIFIED');
    this.cookie.clear(browser, callbackPath);
    const callback = new URL(browser.address, this.settings.publicUrl);
    const person = await this.provider.finish(callback, attempt).catch((error: unknown) => this.refuse(error));
    return { person, page: attempt.page };
  }

  private refuse(error: unknown): never {
    if (error instanceof PortalRefusal) throw error;
    this.log.warn({ error: error instanceof Error ? error.message : error }, 'A person was not identified');
    throw new PortalRefusal('NOT_IDENTIFIED');
  }
}
