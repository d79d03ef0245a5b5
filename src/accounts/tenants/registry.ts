import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type Repository } from 'typeorm';
import { statement } from '../../platform/database/statement';
import { Statements } from '../../platform/database/statements';
import { isPrintable } from '../../platform/text/printable';
import { type KeySet, parseJwks } from '../jwks/parse-jwks';
import { OauthClient, RelyingParty, Tenant, TenantToken } from './tenant.entities';
import { RecentCache } from '../recent-cache';
import { hashSecret, isOver } from '../../platform/secrets/random-secret';

/** A relying party and, where its keys are registered inline, its keys, read once. */
export type KnownRelyingParty = Pick<RelyingParty, 'clientId' | 'tenantId' | 'name' | 'jwksUrl' | 'redirectUrl'> & {
  readonly keys?: KeySet;
};

/** A named statement: each call about a user asks it, and TypeORM would build the query anew for each. */
const findUser = statement('user-exists', 'SELECT FROM tenant_user WHERE tenant_id = :tenantId AND user_id = :userId');

/**
 * Who is registered, as every request asks it. Answers may be up to five seconds old (`RecentCache`):
 * a revocation holds on every node within that time, and at once on the node it was made on.
 */
@Injectable()
export class Registry {
  private readonly tenants: RecentCache<Tenant>;
  private readonly issuers: RecentCache<Tenant>;
  private readonly tokens: RecentCache<TenantToken>;
  private readonly oauthClients: RecentCache<OauthClient>;
  private readonly relyingParties: RecentCache<KnownRelyingParty>;

  constructor(
    @InjectRepository(Tenant) tenants: Repository<Tenant>,
    @InjectRepository(TenantToken) tokens: Repository<TenantToken>,
    @InjectRepository(OauthClient) oauthClients: Repository<OauthClient>,
    @InjectRepository(RelyingParty) relyingParties: Repository<RelyingParty>,
    private readonly statements: Statements,
  ) {
    this.tenants = new RecentCache(async (id) => (await tenants.findOneBy({ id })) ?? undefined);
    this.issuers = new RecentCache(async (issuer) => (await tenants.findOneBy({ issuer })) ?? undefined);
    this.tokens = new RecentCache(
      async (hash) => (await tokens.findOneBy({ hash: Buffer.from(hash, 'hex') })) ?? undefined,
    );
    this.oauthClients = new RecentCache(async (key) => {
      const [tenantId, clientId] = JSON.parse(key) as [string, string];
      return (await oauthClients.findOneBy({ tenantId, clientId })) ?? undefined;
    });
    this.relyingParties = new RecentCache<KnownRelyingParty>(async (clientId) => {
      const found = await relyingParties.findOneBy({ clientId });
      if (found === null) return undefined;
      return Object.assign(found, { keys: found.jwks === null ? undefined : parseJwks(found.jwks) });
    });
  }

  tenant(id: string): Promise<Tenant | undefined> {
    return storable(id) ? this.tenants.get(id) : nothing;
  }

  tenantOfIssuer(issuer: string): Promise<Tenant | undefined> {
    return storable(issuer) ? this.issuers.get(issuer) : nothing;
  }

  relyingParty(clientId: string): Promise<KnownRelyingParty | undefined> {
    return storable(clientId) ? this.relyingParties.get(clientId) : nothing;
  }

  oauthClient(tenantId: string, clientId: string): Promise<OauthClient | undefined> {
    return storable(tenantId + clientId) ? this.oauthClients.get(JSON.stringify([tenantId, clientId])) : nothing;
  }

  /** The tenant token that this is, if it is one and not over. */
  async tenantToken(token: string): Promise<TenantToken | undefined> {
    const hash = hashSecret(token);
    const found = await this.tokens.get(hash.toString('hex'));
    return found !== undefined && timingSafeEqual(found.hash, hash) && !isOver(found) ? found : undefined;
  }

  /** Not remembered: whether a user exists is asked only where something is done to them. */
  async hasUser(tenantId: string, userId: string): Promise<boolean> {
    return storable(userId) && (await this.statements.run(findUser, { tenantId, userId })).length > 0;
  }

  /** After a change made on this node. */
  forget(): void {
    for (const cache of [this.tenants, this.issuers, this.tokens, this.oauthClients, this.relyingParties])
      cache.forgetAll();
  }
}

const nothing = Promise.resolve(undefined);

/** Nothing else is registered, so nothing else is asked of the database. */
function storable(text: string): boolean {
  return isPrintable(text, 2_048);
}
