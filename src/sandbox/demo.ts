import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type ClientBase } from 'pg';
import { statement } from '../platform/database/statement';
import { Statements } from '../platform/database/statements';
import { SealedKeys, Vault } from '../platform/secrets/vault';

/** The name under which the key of a demo user's device is kept. */
export const demoDeviceKey = (userId: string): string => `device of ${userId}`;

/** The parties that the sandbox plays. Their secrets are public, which is why none of this exists in production. */
export const demo = {
  tenantId: 'demo',
  tenantToken: 'demo-tenant-token',
  oauthClient: { clientId: 'demo-client', clientSecret: 'demo-secret' },
  relyingParty: { clientId: 'test-client-id', name: 'Demo relying party' },
  users: [
    {
      userId: 'alice',
      displayName: 'Alice',
      identifiers: { email: 'alice@example.com', telephone: '+6591234567', signer: 'S1111111A' },
    },
    { userId: 'bob', displayName: 'Bob', identifiers: { email: 'bob@example.com' } },
  ],
} as const;

const findKey = statement('sandbox-key-find', 'SELECT private_sealed AS sealed FROM sandbox_key WHERE name = :name');

/** Answers the kept key, also where a rival node was first. */
const keepKey = statement(
  'sandbox-key-keep',
  `INSERT INTO sandbox_key (name, private_sealed) VALUES (:name, :sealed)
   ON CONFLICT (name) DO UPDATE SET name = EXCLUDED.name RETURNING private_sealed AS sealed`,
);

/** The P-256 keys of the parties that the sandbox plays, sealed in the database so that restarts and nodes share them. */
@Injectable()
export class SandboxKeys {
  private readonly sealed: SealedKeys;

  constructor(
    private readonly statements: Statements,
    vault: Vault,
  ) {
    this.sealed = new SealedKeys(vault, 'sandbox-key');
  }

  /** The private key kept under a name, made when it is first asked for. @throws SealBroken */
  async privateKey(name: string, client?: ClientBase): Promise<KeyObject> {
    const [known] = await this.statements.run<{ sealed: Buffer }>(findKey, { name }, client);
    const [kept] = known ? [known] : await this.statements.run<{ sealed: Buffer }>(keepKey, this.make(name), client);
    if (kept === undefined) throw new Error('A new key has not been stored');
    return this.sealed.open(name, kept.sealed);
  }

  private make(name: string): { name: string; sealed: Buffer } {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    return { name, sealed: this.sealed.seal(name, privateKey) };
  }
}

/** The public half, as a JWK for verifying signatures. */
export function publicJwkOf(privateKey: KeyObject, kid: string): object {
  return { ...createPublicKey(privateKey).export({ format: 'jwk' }), kid, use: 'sig', alg: 'ES256' };
}
