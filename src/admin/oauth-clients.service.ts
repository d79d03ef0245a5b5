import { OptionalLabel, Slug } from './input';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { applyDecorators, Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type Repository } from 'typeorm';
import { OauthClient, type Scope, scopes } from '../accounts/tenants/tenant.entities';
import { Registry } from '../accounts/tenants/registry';
import { hashSecret, newSecret } from '../platform/secrets/random-secret';
import { change, insert, pageOfTenant } from './admin.rows';
import { Deletions } from './deletions';
import { type Page, type PageQuery } from './admin.answers';

/** What a client may ask its access tokens to be for, besides what every one is. */
const Scopes = () =>
  applyDecorators(
    IsOptional(),
    IsIn(scopes, { each: true, message: `each of scopes must be one of ${scopes.join(', ')}` }),
    ArrayMaxSize(scopes.length),
    IsArray(),
    ApiPropertyOptional({ enum: scopes, isArray: true, maxItems: scopes.length, example: ['recall'] }),
  );

export class CreateOauthClient {
  @Slug('backend')
  clientId: string;

  @OptionalLabel('Backend of the shop')
  name?: string | null;

  @Scopes()
  scopes?: Scope[] | null;
}

/** What is left out stays as it is; null takes it away. */
export class ChangeOauthClient {
  @OptionalLabel('Backend of the shop')
  name?: string | null;

  /** Access tokens that it was given keep theirs until they end. */
  @Scopes()
  scopes?: Scope[] | null;
}

const maxOverlapSeconds = 7 * 24 * 60 * 60;

export class ReplaceSecret {
  /** For how long the secret before serves beside the new one; 0 refuses it at once. */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(maxOverlapSeconds)
  @ApiPropertyOptional({ type: Number, minimum: 0, maximum: maxOverlapSeconds, default: 0, example: 3_600 })
  overlapSeconds?: number;
}

/** What is shown of an OAuth client once: when it is made, or given another secret. */
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

  @ApiProperty({ type: String, nullable: true })
  name: string | null;
  @ApiProperty({ enum: scopes, isArray: true })
  scopes: readonly Scope[];

  @ApiProperty()
  createdAt: Date;
}

/** Who may ask the built-in token endpoint for access tokens of a tenant. */
@Injectable()
export class OauthClientsService {
  constructor(
    @InjectRepository(OauthClient) private readonly clients: Repository<OauthClient>,
    private readonly registry: Registry,
    private readonly deletions: Deletions,
  ) {}

  /**
   * Registers a client with a secret, which cannot be shown again.
   * @throws AdminRefusal TENANT_NOT_FOUND, ALREADY_EXISTS, ID_RETIRED
   */
  async create(tenantId: string, { clientId, name = null, scopes }: CreateOauthClient): Promise<CreatedOauthClient> {
    const clientSecret = newSecret();
    await insert(this.clients, {
      tenantId,
      clientId,
      name,
      scopes: scopes ?? [],
      secretHash: hashSecret(clientSecret),
    });
    return { clientId, clientSecret };
  }

  /** @throws AdminRefusal TENANT_NOT_FOUND */
  async list(tenantId: string, query: PageQuery): Promise<Page<ShownOauthClient>> {
    const { items, next } = await pageOfTenant(this.clients, 'clientId', tenantId, query);
    return { items: items.map(show), next };
  }

  /** @throws AdminRefusal NOT_FOUND */
  async change(tenantId: string, clientId: string, input: ChangeOauthClient): Promise<ShownOauthClient> {
    const { scopes, ...others } = input;
    const changed = { ...others, ...(scopes !== undefined && { scopes: scopes ?? [] }) };
    const client = show(await change(this.clients, { tenantId, clientId }, () => changed));
    this.registry.forget();
    return client;
  }

  /**
   * Gives a client another secret, which cannot be shown again. Access tokens that it was given serve until they end.
   * @throws AdminRefusal NOT_FOUND
   */
  async replaceSecret(
    tenantId: string,
    clientId: string,
    { overlapSeconds }: ReplaceSecret,
  ): Promise<CreatedOauthClient> {
    const clientSecret = newSecret();
    await change(this.clients, { tenantId, clientId }, ({ secretHash }) => ({
      secretHash: hashSecret(clientSecret),
      previousSecretHash: secretHash,
      previousSecretExpiresAt: new Date(Date.now() + (overlapSeconds ?? 0) * 1_000),
    }));
    this.registry.forget();
    return { clientId, clientSecret };
  }

  /**
   * Deletes a client, and cancels what it began; the access tokens it was given are worth nothing from then on.
   * @throws AdminRefusal NOT_FOUND
   */
  delete(tenantId: string, clientId: string, actor: string): Promise<void> {
    return this.deletions.oauthClient(tenantId, clientId, actor);
  }
}

function show({ clientId, name, scopes, createdAt }: OauthClient): ShownOauthClient {
  return { clientId, name, scopes, createdAt };
}
