import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { InjectRepository } from '@nestjs/typeorm';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsOptional, Matches } from 'class-validator';
import { type Repository } from 'typeorm';
import { ApiKey } from '../accounts/operators/api-key.entity';
import { ApiKeys } from '../accounts/operators/api-keys';
import { type Role, roles, tenantsOf } from '../accounts/operators/operator';
import { hashSecret } from '../platform/secrets/random-secret';
import { type Page, type PageQuery } from './admin.answers';
import { insert, page, remove } from './admin.rows';
import { invalid, OptionalEnd, readEnd, Slug } from './input';

const tenantPattern = /^(\*|[a-z0-9][a-z0-9-]{0,62})$/;

export class CreateApiKey {
  /** The actor’s name in history, after `key:`. */
  @Slug('help-desk')
  name: string;

  @IsIn(roles)
  @ApiProperty({ enum: roles, example: 'support' })
  role: Role;

  /** The tenants that exist for this key; `*` means all. May be left out for the role `admin` alone, which then has all. */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(1_000)
  @Matches(tenantPattern, { each: true, message: 'each of tenants must be the id of a tenant, or *' })
  @ApiPropertyOptional({
    type: [String],
    pattern: tenantPattern.source,
    minItems: 1,
    maxItems: 1_000,
    example: ['acme'],
  })
  tenants?: string[] | null;

  /** RFC 3339. Left out: the key serves until it is deleted. */
  @OptionalEnd()
  expiresAt?: string | null;
}

/** What is shown of an API key once: when it is made. */
export class CreatedApiKey {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty()
  key: string;
}

/** What may be shown of an API key once it is made. */
export class ShownApiKey {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ example: 'help-desk' })
  name: string;

  @ApiProperty({ enum: roles })
  role: Role;

  @ApiProperty({ type: [String], nullable: true, description: 'Null: all.' })
  tenants: readonly string[] | null;

  @ApiProperty()
  createdAt: Date;

  @ApiProperty({ type: Date, nullable: true })
  expiresAt: Date | null;

  @ApiProperty({ type: Date, nullable: true, description: 'To the minute.' })
  lastUsedAt: Date | null;
}

/** The keys by which machines call the administration. */
@Injectable()
export class ApiKeysService {
  constructor(
    @InjectRepository(ApiKey) private readonly table: Repository<ApiKey>,
    private readonly keys: ApiKeys,
  ) {}

  /**
   * Makes a key, which cannot be shown again.
   * @throws Failed `invalid-input` when no tenants are named for a role that needs them, or it would be over already
   * @throws AdminRefusal ALREADY_EXISTS when another key has the name
   */
  async create({ name, role, tenants: named, expiresAt: end }: CreateApiKey): Promise<CreatedApiKey> {
    const tenants = tenantsOf(role, named ?? undefined);
    if (tenants.length === 0) throw invalid('tenants', `tenants must be named for the role ${role}`);
    const expiresAt = readEnd(end);
    const [id, key] = [randomUUID(), this.keys.newKey()];
    const known = { id, name, role, tenants: tenants === 'all' ? null : [...tenants], expiresAt };
    await insert(this.table, { ...known, hash: hashSecret(key) });
    return { id, key };
  }

  async list(query: PageQuery): Promise<Page<ShownApiKey>> {
    const { items, next } = await page(this.table, 'id', {}, query);
    return { items: items.map(show), next };
  }

  /** It is refused from now on. @throws AdminRefusal NOT_FOUND */
  async delete(id: string): Promise<void> {
    await remove(this.table, { id });
    this.keys.forget();
  }
}

function show({ id, name, role, tenants, createdAt, expiresAt, lastUsedAt }: ApiKey): ShownApiKey {
  return { id, name, role, tenants, createdAt, expiresAt, lastUsedAt };
}
