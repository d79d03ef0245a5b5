import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
  randomUUID,
} from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Vault } from '../../platform/secrets/vault';
import { RecentCache, staleMs } from '../recent-cache';
import { SigningKey } from './signing-key.entity';

export interface OwnKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

interface OwnKeys {
  /** The one that signs: the oldest that is not retired. */
  readonly current: OwnKey;
  readonly all: readonly OwnKey[];
  readonly jwks: { readonly keys: readonly object[] };
}

const purpose = 'signing-key';

/** A new key signs once every node's cache has it, so that no node publishes less than another signs with. */
const handoverSeconds = (2 * staleMs) / 1000;

/** How long a key that signs no more stays published; what it signed lives some minutes. */
const publishedMs = 24 * 60 * 60 * 1000;

/** Our own key pairs (ES256): shared by all nodes through the database, private halves sealed under the master key. */
@Injectable()
export class SigningKeys implements OnModuleInit {
  private readonly cache = new RecentCache<OwnKeys>(() => this.load());

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly vault: Vault,
  ) {}

  /** Makes the first key at the first start. @throws SealBroken when the master key is not this database's */
  async onModuleInit(): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await manager.query('LOCK TABLE signing_key IN SHARE ROW EXCLUSIVE MODE');
      if (!(await manager.exists(SigningKey))) await manager.insert(SigningKey, this.make());
    });
    await this.own();
  }

  /** The key that signs. */
  async current(): Promise<OwnKey> {
    return (await this.own()).current;
  }

  async find(kid: string): Promise<OwnKey | undefined> {
    return (await this.own()).all.find((key) => key.kid === kid);
  }

  /**
   * Makes a new key, which takes over from the others some seconds later.
   * @returns its `kid`
   */
  async rotate(): Promise<string> {
    const key = this.make();
    await this.dataSource.transaction(async (manager) => {
      await manager.query('LOCK TABLE signing_key IN SHARE ROW EXCLUSIVE MODE');
      await manager.query(
        'UPDATE signing_key SET retired_at = clock_timestamp() + make_interval(secs => $1) WHERE retired_at IS NULL',
        [handoverSeconds],
      );
      await manager.insert(SigningKey, key);
    });
    this.cache.forgetAll();
    return key.kid;
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

  private async load(): Promise<OwnKeys | undefined> {
    const found = await this.dataSource.manager.find(SigningKey, { order: { createdAt: 'ASC' } });
    const now = Date.now();
    const rows = found.filter(({ retiredAt }) => retiredAt === null || retiredAt.getTime() > now - publishedMs);
    const all = rows.map((row) => this.open(row));
    const current = all[rows.findIndex(({ retiredAt }) => retiredAt === null || retiredAt.getTime() > now)];
    return current && { current, all, jwks: { keys: rows.map((row) => row.publicJwk) } };
  }

  private make(): Pick<SigningKey, 'kid' | 'publicJwk' | 'privateSealed'> {
    const kid = randomUUID();
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const publicJwk = { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'ES256' };
    const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' });
    return { kid, publicJwk, privateSealed: this.vault.seal(purpose, kid, pkcs8) };
  }

  private open({ kid, publicJwk, privateSealed }: SigningKey): OwnKey {
    const pkcs8 = this.vault.open(purpose, kid, privateSealed);
    return {
      kid,
      privateKey: createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }),
      publicKey: createPublicKey({ key: publicJwk as JsonWebKey, format: 'jwk' }),
    };
  }
}
