import { Slug } from './input';
import { ApiProperty } from '@nestjs/swagger';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type Repository } from 'typeorm';
import { OauthClient } from '../accounts/tenants/tenant.entities';
import { Registry } from '../accounts/tenants/registry';
import { hashSecret, newSecret } from '../platform/secrets/random-secret';
import { insert, pageOfTenant, remove } from './admin.rows';
import { type Page, type PageQuery } from './admin.answers';

export class CreateOauthClient {
  @Slug('backend')
  clientId: string;
}

/** What is shown of an OAuth client once: when it is made. */
export class CreatedOauthClient {
  @ApiProperty({ example: 'backend' })
  clientId: string;

  @ApiProperty()
  clientSecret: string;
}

/** What may be shown of an OAuth client once it is made. */
export class ShownOauthClient {
  @ApiProperty({ example: 'backend' })
  clientId: string;

  @ApiProperty()
  createdAt: Date;
}

/** Who may ask the built-in token endpoint for access tokens of a tenant. */
@Injectable()
export class OauthClientsService {
  constructor(
    @InjectRepository(OauthClient) private readonly clients: Repository<OauthClient>,
    private readonly registry: Registry,
  ) {}

  /**
   * Registers a client with a secret, which cannot be shown again.
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
