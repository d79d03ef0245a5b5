import { randomBytes } from 'node:crypto';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { Vault } from '../../platform/secrets/vault';
import { type Settings } from '../../platform/settings/settings';
import { SETTINGS } from '../../platform/settings/settings.module';
import { PortalRefusal } from '../portal/portal.errors';
import { type Attempt, callbackPath, IdentityProvider, type Person } from './identity-provider';
import { SealedCookie } from './sealed-cookie';

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
  async start(response: Response, page: string): Promise<string> {
    const attempt = { state: random(), nonce: random(), codeVerifier: random() };
    this.cookie.write(response, callbackPath, { ...attempt, page });
    return await this.provider.start(attempt).catch((error: unknown) => this.refuse(error));
  }

  /** Who has come back, and for which page. @throws PortalRefusal NOT_IDENTIFIED */
  async finish(request: Request, response: Response): Promise<{ person: Person; page: string }> {
    const attempt = this.cookie.read(request, callbackPath);
    if (attempt === undefined) throw new PortalRefusal('NOT_IDENTIFIED');
    this.cookie.clear(response, callbackPath);
    const callback = new URL(request.originalUrl, this.settings.publicUrl);
    const person = await this.provider.finish(callback, attempt).catch((error: unknown) => this.refuse(error));
    return { person, page: attempt.page };
  }

  private refuse(error: unknown): never {
    if (error instanceof PortalRefusal) throw error;
    this.log.warn({ error: error instanceof Error ? error.message : error }, 'A person was not identified');
    throw new PortalRefusal('NOT_IDENTIFIED');
  }
}

function random(): string {
  return randomBytes(32).toString('base64url');
}
