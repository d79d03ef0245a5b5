import { Injectable } from '@nestjs/common';
import { Registry } from '../../accounts/tenants/registry';
import { hashSecret } from '../../platform/secrets/random-secret';
import { isOpenState } from '../../approvals/lifecycle';
import { signRequestLifecycle, type SignRequestState } from '../sign-request.lifecycle';
import { PortalRefusal } from './portal.errors';
import { PortalRepository, type PortalRequest } from './portal.repository';

/** A sign request, and the relying party that wants it signed. */
export interface SigningContext {
  readonly request: PortalRequest;
  readonly partyName: string;
  readonly redirectUrl: string | null;
}

const endedCodes = { cancelled: 'CANCELLED', expired: 'EXPIRED' } as const;

/** Whether the request is over, and not by the signer's own signature. */
export function isEnded(state: SignRequestState): state is keyof typeof endedCodes {
  return state in endedCodes;
}

function requireUnended(signingContext: SigningContext): SigningContext {
  const { state } = signingContext.request;
  if (isEnded(state)) throw new PortalRefusal(endedCodes[state]);
  return signingContext;
}

/** Finds what a person has come for, by the capability in the address. */
@Injectable()
export class SigningContexts {
  constructor(
    private readonly requests: PortalRepository,
    private readonly registry: Registry,
  ) {}

  /** @throws PortalRefusal LINK_INVALID */
  async byLink(link: string): Promise<SigningContext> {
    return this.signingContextOf(await this.requests.byLink(hashSecret(link)));
  }

  /**
   * The same, as long as the request has not ended without the signer.
   * @throws PortalRefusal LINK_INVALID; CANCELLED or EXPIRED
   */
  async unendedByLink(link: string): Promise<SigningContext> {
    return requireUnended(await this.byLink(link));
  }

  /** @throws PortalRefusal LINK_INVALID when there is no such session, or a newer one has taken its place */
  async bySession(session: string): Promise<SigningContext> {
    return this.signingContextOf(await this.requests.bySession(hashSecret(session)));
  }

  /** @throws PortalRefusal LINK_INVALID; CANCELLED or EXPIRED */
  async unendedBySession(session: string): Promise<SigningContext> {
    return requireUnended(await this.bySession(session));
  }

  private async signingContextOf(request: PortalRequest | undefined): Promise<SigningContext> {
    if (request === undefined) throw new PortalRefusal('LINK_INVALID');
    const party = await this.registry.relyingParty(request.clientId);
    if (party?.tenantId === request.tenantId) return { request, partyName: party.name, redirectUrl: party.redirectUrl };
    // The party has been deleted, and what was pending of it recalled.
    if (isOpenState(signRequestLifecycle, request.state)) throw new PortalRefusal('LINK_INVALID');
    return { request, partyName: request.clientId, redirectUrl: null };
  }
}
