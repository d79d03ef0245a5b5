import { randomInt } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Vault } from '../../platform/secrets/vault';
import { type Settings } from '../../platform/settings/settings';
import { SETTINGS } from '../../platform/settings/settings.module';
import { type PortalRequest } from '../portal/portal.repository';
import { SignRequestSecrets } from '../sign-request.secrets';
import { SignSessionRepository } from './sign-session.repository';

/** What the page shows of an open sign session. */
export interface ShownSession {
  /** Where the phone goes: what the QR code says. */
  readonly phoneUrl: string;
  /** Stands on both screens, so that the person knows they belong together. */
  readonly matchCode: string;
}

interface SessionSecret {
  readonly capability: string;
  readonly matchCode: string;
}

/** How long a session may be silent, in seconds. */
const lifeSeconds = 5 * 60;
const matchCodeDigits = 4;

export const phonePath = (session: string): string => `/phone/${session}`;

/** Sign sessions: opened at the page, decided on the phone. */
@Injectable()
export class SignSessions {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly vault: Vault,
    private readonly secrets: SignRequestSecrets,
    private readonly transitions: SignSessionRepository,
  ) {}

  async open(request: PortalRequest, signer: Buffer): Promise<void> {
    const capability = this.secrets.newCapability();
    const matchCode = String(randomInt(10 ** matchCodeDigits)).padStart(matchCodeDigits, '0');
    const sessionSealed = this.vault.seal(
      'sign-session',
      keyOf(request),
      Buffer.from(JSON.stringify({ capability, matchCode })),
    );
    const session = { signer, sessionHash: this.secrets.hash(capability), sessionSealed, lifeSeconds };
    await this.transitions.proceed(request.linkHash, session, 'signer');
  }

  show(request: PortalRequest): ShownSession {
    const { capability, matchCode } = this.secretOf(request);
    return { phoneUrl: this.settings.publicUrl + phonePath(capability), matchCode };
  }

  async close(request: PortalRequest): Promise<void> {
    if (request.state === 'signing')
      await this.transitions.reject(this.secrets.hash(this.secretOf(request).capability), 'signer');
  }

  private secretOf(request: PortalRequest): SessionSecret {
    if (request.sessionSealed === null) throw new Error('A request that is being signed has a session');
    return JSON.parse(
      this.vault.open('sign-session', keyOf(request), request.sessionSealed).toString(),
    ) as SessionSecret;
  }
}

function keyOf({ tenantId, id }: PortalRequest): string {
  return `${tenantId}/${id}`;
}
