import { ApiPropertyOptional, ApiProperty } from '@nestjs/swagger';
import { IsBoolean, IsOptional } from 'class-validator';
import { OptionalLabel, OptionalUrl, Slug, Targets } from './input';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, type Repository } from 'typeorm';
import { type Operator } from '../accounts/operators/operator';
import { AccessTokens } from '../accounts/tokens/access-tokens';
import { Failed } from '../platform/envelope/failure';
import { Registry } from '../accounts/tenants/registry';
import { Tenant } from '../accounts/tenants/tenant.entities';
import { find, insert, page } from './admin.rows';
import { Deletions } from './deletions';
import { type Page, type PageQuery } from './admin.answers';

export class CreateTenant {
  @Slug('acme')
  id: string;

  @OptionalLabel('Acme Ltd')
  name?: string;

  /** The tenant's OpenID Connect issuer; with it goes `jwksUrl`, where that issuer's keys are. */
  @OptionalUrl('https://login.acme.example')
  issuer?: string;

  @OptionalUrl('https://login.acme.example/jwks')
  jwksUrl?: string;

  /** Only tokens of that issuer which name this in `aud` are taken. */
  @OptionalLabel('https://rescind.example')
  audience?: string;

  /** Needed with an issuer without `audience`: every token it signs is taken, those for other applications too. */
  @IsOptional()
  @IsBoolean()
  @ApiPropertyOptional({ default: false, example: false })
  allowAnyAudience?: boolean;
}

/** A tenant as administrators see it. */
export class ShownTenant {
  @ApiProperty({ example: 'acme' })
  id: string;

  @ApiProperty({ type: String, nullable: true })
  name: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Null where the built-in token endpoint serves it.' })
  issuer: string | null;

  @ApiProperty({ type: String, format: 'uri', nullable: true })
  jwksUrl: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Null where tokens for any audience are taken.' })
  audience: string | null;

  @ApiProperty({ description: 'Made by the sandbox, with secrets that are public.' })
  sandbox: boolean;

  @ApiProperty()
  createdAt: Date;
}

/** The tenants of this server. */
@Injectable()
export class TenantsService {
  constructor(
    @InjectRepository(Tenant) private readonly tenants: Repository<Tenant>,
    private readonly targets: Targets,
    private readonly accessTokens: AccessTokens,
    private readonly registry: Registry,
    private readonly deletions: Deletions,
  ) {}

  /**
   * @throws Failed `invalid-input` when issuer, JWKS URL and audience do not go together, or may not be used
   * @throws AdminRefusal ALREADY_EXISTS, ISSUER_TAKEN
   */
  async create(input: CreateTenant): Promise<Tenant> {
    this.checkIssuer(input);
    const { id, name = null, issuer = null, jwksUrl = null, audience = null } = input;
    const tenant = { id, name, issuer, jwksUrl, audience };
    const created = await insert(this.tenants, tenant, { tenant_issuer_unique: 'ISSUER_TAKEN' });
    this.registry.forget();
    return created;
  }

  /** Of the operator's tenants. */
  list(query: PageQuery, { tenants }: Operator): Promise<Page<Tenant>> {
    return page(this.tenants, 'id', tenants === 'all' ? {} : { id: In(tenants) }, query);
  }

  /** @throws AdminRefusal NOT_FOUND */
  get(id: string): Promise<Tenant> {
    return find(this.tenants, { id });
  }

  /**
   * Deletes a tenant and those it knows, and cancels what is open; its approvals stay, and their history.
   * @throws AdminRefusal NOT_FOUND
   */
  delete(id: string): Promise<void> {
    return this.deletions.tenant(id);
  }

  private checkIssuer({ issuer, jwksUrl, audience, allowAnyAudience = false }: CreateTenant): void {
    this.targets.checkVisited('issuer', issuer);
    this.targets.checkCalled('jwksUrl', jwksUrl, 'jwks');
    if (issuer?.startsWith(this.accessTokens.issuerOf('')))
      throw invalid('issuer', 'this is the name of the built-in issuer');
    if ((issuer === undefined) !== (jwksUrl === undefined))
      throw invalid(issuer === undefined ? 'issuer' : 'jwksUrl', 'issuer and jwksUrl go together');
    if (issuer === undefined && (audience !== undefined || allowAnyAudience))
      throw invalid('audience', 'it belongs to an issuer');
    if (issuer !== undefined && (audience === undefined) !== allowAnyAudience)
      throw invalid('audience', 'an issuer needs either an audience or allowAnyAudience');
  }
}

const invalid = (field: string, problem: string) => new Failed({ kind: 'invalid-input', faults: [{ field, problem }] });
