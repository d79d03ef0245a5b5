import { PortalRefusal } from '../portal/portal.errors';
import { IdentityProvider } from './identity-provider';

/** Neither a sandbox nor a provider: nobody can be identified, so nobody can sign. */
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
