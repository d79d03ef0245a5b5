import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type Repository } from 'typeorm';
import { OauthClient } from '../../accounts/tenants/oauth-client.entity';
import { hashSecret, Registry } from '../../accounts/tenants/registry';
import { insert, pageOfTenant, remove } from '../admin.rows';
import { type Page, type PageQuery } from '../page';
import { newSecret } from '../secrets';
import { type CreateOauthClient } from './create-oauth-client.dto';
import { type CreatedOauthClient, type ShownOauthClient } from './shown-oauth-client';

/** Who may ask the built-in token endpoint for access tokens of a tenant. */
@Injectable()
export class OauthClientsService {
  constructor(
    @InjectRepository(OauthClient) private readonly clients: Repository<OauthClient>,
    private readonly registry: Registry,
  ) {}

  /**
   * Registers a client with a secret, which nobody can be shown again.
   * @throws AdminRefusal TENANT_NOT_FOUND, ALREADY_EXISTS
   */
  async create(tenantId: string, { clientId }: CreateOauthClient): Promise<CreatedOauthClient> {
    const clientSecret = newSecret();
    await insert(this.clients, { tenantId, clientId, secretHash: hashSecret(clientSecret) });
    return { clientId, clientSecret };
  }

  /** @throws AdminRefusal TENANT_NOT_FOUND */
  async list(tenantId: string, query: PageQuery): Promise<Page<ShownOauthClient>> {
    const { items, next } = await pageOfTenant(this.clients, 'clientId', tenantId, query);
    return { items: items.map(({ clientId, createdAt }) => ({ clientId, createdAt })), next };
  }

  /**
   * Deletes a client; the access tokens it was given are worth nothing from then on.
   * @throws AdminRefusal NOT_FOUND
   */
  async delete(tenantId: string, clientId: string): Promise<void> {
    await remove(this.clients, { tenantId, clientId });
    this.registry.forget();
  }
}
