import { createPublicKey, generateKeyPairSync, type JsonWebKey, type KeyObject, randomUUID } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { Column, CreateDateColumn, Entity, PrimaryColumn, DataSource } from 'typeorm';
import { SealedKeys, Vault } from '../../platform/secrets/vault';
import { RecentCache, staleMs } from '../recent-cache';

/** What a key of ours signs: one that leaks, or a token that is shown elsewhere, is then of no use for the other. */
const keyPurposes = ['access-token', 'webhook'] as const;
export type KeyPurpose = (typeof keyPurposes)[number];

/** A key pair of ours (P-256). */
@Entity({ name: 'signing_key' })
export class SigningKey {
  @PrimaryColumn({ type: 'text' })
  kid: string;

  @Column({ type: 'text', default: 'access-token' })
  purpose: KeyPurpose;

  @Column({ name: 'public_jwk', type: 'jsonb' })
  publicJwk: object;

  /** PKCS #8, sealed under the master key. */
  @Column({ name: 'private_sealed', type: 'bytea' })
  privateSealed: Buffer;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;

  /** Since then it signs nothing more; it stays published while anything it signed may still be checked. */
  @Column({ name: 'retired_at', type: 'timestamptz', nullable: true })
  retiredAt: Date | null;
}

export interface OwnKey {
  readonly purpose: KeyPurpose;
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

interface OwnKeys {
  /** Those that sign, for each purpose the oldest that is not retired. */
  readonly current: readonly OwnKey[];
  readonly all: readonly OwnKey[];
  readonly jwks: { readonly keys: readonly object[] };
}

/** A new key signs once every node's cache has it, so that no node publishes less than another signs with. */
const handoverSeconds = (2 * staleMs) / 1000;

/** How long a key that signs no more stays published; what it signed lives some minutes. */
const publishedMs = 24 * 60 * 60 * 1000;

/** Our own key pairs (ES256): shared by all nodes through the database, private halves sealed under the master key. */
@Injectable()
export class SigningKeys implements OnModuleInit {
  private readonly cache = new RecentCache<OwnKeys>(() => this.load());
  private readonly sealed: SealedKeys;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    vault: Vault,
  ) {
    this.sealed = new SealedKeys(vault, 'signing-key');
  }

  /** Makes the first keys at the first start. @throws SealBroken when the master key is not this database's */
  async onModuleInit(): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await manager.query('LOCK TABLE signing_key IN SHARE ROW EXCLUSIVE MODE');
      for (const purpose of keyPurposes)
        if (!(await manager.existsBy(SigningKey, { purpose }))) await manager.insert(SigningKey, this.make(purpose));
    });
    await this.own();
  }

  /** The key that signs for a purpose. */
  async current(purpose: KeyPurpose): Promise<OwnKey> {
    const current = (await this.own()).current.find((key) => key.purpose === purpose);
    if (current === undefined) throw new Error(`There is no signing key for the purpose ${purpose}`);
    return current;
  }

  async find(kid: string, purpose: KeyPurpose): Promise<OwnKey | undefined> {
    return (await this.own()).all.find((key) => key.kid === kid && key.purpose === purpose);
  }

  /**
   * Makes a new key for each purpose, which takes over from the others some seconds later.
   * @returns their `kid`s
   */
  async rotate(): Promise<Record<KeyPurpose, string>> {
    const made = { 'access-token': this.make('access-token'), webhook: this.make('webhook') };
    await this.dataSource.transaction(async (manager) => {
      await manager.query('LOCK TABLE signing_key IN SHARE ROW EXCLUSIVE MODE');
      await manager.query(
        'UPDATE signing_key SET retired_at = clock_timestamp() + make_interval(secs => $1) WHERE retired_at IS NULL',
        [handoverSeconds],
      );
      await manager.insert(SigningKey, Object.values(made));
    });
    this.cache.forgetAll();
    return { 'access-token': made['access-token'].kid, webhook: made.webhook.kid };
  }

  /** The public halves of all keys that may still have signed something, as a JWK set. */
  async jwks(): Promise<OwnKeys['jwks']> {
    return (await this.own()).jwks;
  }

  private async own(): Promise<OwnKeys> {
    const keys = await this.cache.get('all');
    if (keys === undefined) throw new Error('There is no signing key');
    return keys;
  }

  private async load(): Promise<OwnKeys> {
    const found = await this.dataSource.manager.find(SigningKey, { order: { createdAt: 'ASC' } });
    const now = Date.now();
    const rows = found.filter(({ retiredAt }) => retiredAt === null || retiredAt.getTime() > now - publishedMs);
    const all = rows.map((row) => this.open(row));
    const signs = (_: OwnKey, index: number): boolean => (rows[index]?.retiredAt?.getTime() ?? Infinity) > now;
    return { current: all.filter(signs), all, jwks: { keys: rows.map((row) => row.publicJwk) } };
  }

  private make(purpose: KeyPurpose): Pick<SigningKey, 'kid' | 'purpose' | 'publicJwk' | 'privateSealed'> {
    const kid = randomUUID();
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const publicJwk = { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'ES256' };
    return { kid, purpose, publicJwk, privateSealed: this.sealed.seal(kid, privateKey) };
  }

  private open({ kid, purpose, publicJwk, privateSealed }: SigningKey): OwnKey {
    return {
      kid,
      purpose,
      privateKey: this.sealed.open(kid, privateSealed),
      publicKey: createPublicKey({ key: publicJwk as JsonWebKey, format: 'jwk' }),
    };
  }
}
