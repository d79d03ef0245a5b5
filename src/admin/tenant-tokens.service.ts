import { Label, OptionalEnd, readEnd } from './input';
import { ApiProperty } from '@nestjs/swagger';
import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type Repository } from 'typeorm';
import { Registry } from '../accounts/tenants/registry';
import { hashSecret, newSecret } from '../platform/secrets/random-secret';
import { TenantToken } from '../accounts/tenants/tenant.entities';
import { change, insert, pageOfTenant, remove } from './admin.rows';
import { type Page, type PageQuery } from './admin.answers';

export class CreateTenantToken {
  /** The actor’s name in history. */
  @Label('backend')
  name: string;

  /** RFC 3339. Left out: the token serves until it is revoked. */
  @OptionalEnd()
  expiresAt?: string | null;
}

export class ChangeTenantToken {
  /** RFC 3339. Null: the token serves until it is revoked. Left out, the end stays as it is. */
  @OptionalEnd()
  expiresAt?: string | null;
}

/** What is shown of a tenant token once: when it is made. */
export class CreatedTenantToken {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty()
  token: string;
}

/** What may be shown of a tenant token once it is made. */
export class ShownTenantToken {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty()
  name: string;

  @ApiProperty()
  createdAt: Date;

  @ApiProperty({ type: Date, nullable: true, description: 'From then on it is refused; null where it has no end.' })
  expiresAt: Date | null;
}

/** The tokens that tenants' backends show. */
@Injectable()
export class TenantTokensService {
  constructor(
    @InjectRepository(TenantToken) private readonly tokens: Repository<TenantToken>,
    private readonly registry: Registry,
  ) {}

  /**
   * Makes a token, which cannot be shown again.
   * @throws Failed `invalid-input` when it would be over already
   * @throws AdminRefusal TENANT_NOT_FOUND
   */
  async create(tenantId: string, { name, expiresAt }: CreateTenantToken): Promise<CreatedTenantToken> {
    const id = randomUUID();
    const token = newSecret();
    await insert(this.tokens, { id, tenantId, name, hash: hashSecret(token), expiresAt: readEnd(expiresAt) });
    return { id, token };
  }

  /** @throws AdminRefusal TENANT_NOT_FOUND */
  async list(tenantId: string, query: PageQuery): Promise<Page<ShownTenantToken>> {
    const { items, next } = await pageOfTenant(this.tokens, 'id', tenantId, query);
    return { items: items.map(show), next };
  }

  /**
   * @throws Failed `invalid-input` when it would be over already
   * @throws AdminRefusal NOT_FOUND
   */
  async change(tenantId: string, id: string, { expiresAt }: ChangeTenantToken): Promise<ShownTenantToken> {
    const changes = expiresAt === undefined ? {} : { expiresAt: readEnd(expiresAt) };
    const changed = await change(this.tokens, { tenantId, id }, () => changes);
    this.registry.forget();
    return show(changed);
  }

  /** @throws AdminRefusal NOT_FOUND */
  async revoke(tenantId: string, id: string): Promise<void> {
    await remove(this.tokens, { tenantId, id });
    this.registry.forget();
  }
}

function show({ id, name, createdAt, expiresAt }: TenantToken): ShownTenantToken {
  return { id, name, createdAt, expiresAt };
}
