import { Injectable } from '@nestjs/common';
import { Vault } from '../../platform/secrets/vault';
import { type Attempt, callbackPath, IdentificationFailed, IdentityProvider, type Person } from './identity-provider';

export const simulatedPath = '/identity/simulated';
const purpose = 'simulated-identity';

/** The sandbox's identity provider: everybody is who they say they are. */
@Injectable()
export class SimulatedIdentity extends IdentityProvider {
  constructor(private readonly vault: Vault) {
    super();
  }

  start({ state }: Attempt): Promise<string> {
    return Promise.resolve(`${simulatedPath}?${new URLSearchParams({ state }).toString()}`);
  }

  /** Where a person goes who has said who they are. */
  answer(state: string, person: Person): string {
    const code = this.vault.seal(purpose, state, Buffer.from(JSON.stringify(person))).toString('base64url');
    return `${callbackPath}?${new URLSearchParams({ state, code }).toString()}`;
  }

  finish(callback: URL, { state }: Attempt): Promise<Person> {
    const person = callback.searchParams.get('state') === state ? this.open(callback, state) : undefined;
    return person === undefined
      ? Promise.reject(new IdentificationFailed('it is not the answer to this attempt'))
      : Promise.resolve(person);
  }

  private open(callback: URL, state: string): Person | undefined {
    try {
      const code = Buffer.from(callback.searchParams.get('code') ?? '', 'base64url');
      return JSON.parse(this.vault.open(purpose, state, code).toString()) as Person;
    } catch {
      return undefined;
    }
  }
}
