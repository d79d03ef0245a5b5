import { ApiPropertyOptional, ApiProperty } from '@nestjs/swagger';
import { IsBoolean, IsOptional } from 'class-validator';
import { invalid, OptionalLabel, OptionalUrl, Slug, Targets } from './input';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, type Repository } from 'typeorm';
import { type Operator } from '../accounts/operators/operator';
import { OperatorsIssuer } from '../accounts/operators/operators-issuer';
import { AccessTokens } from '../accounts/tokens/access-tokens';
import { Registry } from '../accounts/tenants/registry';
import { Tenant } from '../accounts/tenants/tenant.entities';
import { change, find, insert, page } from './admin.rows';
import { Deletions } from './deletions';
import { type Page, type PageQuery } from './admin.answers';

/** What is left out stays as it is; null takes it away, and an issuer with all that belongs to it. */
export class ChangeTenant {
  @OptionalLabel('Acme Ltd')
  name?: string | null;

  /** The tenant's OpenID Connect issuer; with it goes `jwksUrl`, where that issuer's keys are. */
  @OptionalUrl('https://login.acme.example')
  issuer?: string | null;

  @OptionalUrl('https://login.acme.example/jwks')
  jwksUrl?: string | null;

  /** Only tokens of that issuer which name this in `aud` are taken. */
  @OptionalLabel('https://rescind.example')
  audience?: string | null;

  /** Needed with an issuer without `audience`: every token it signs is taken, those for other applications too. */
  @IsOptional()
  @IsBoolean()
  @ApiPropertyOptional({ default: false, example: false })
  allowAnyAudience?: boolean;
}

export class CreateTenant extends ChangeTenant {
  @Slug('acme')
  id: string;
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
    private readonly operators: OperatorsIssuer,
  ) {}

  /**
   * @throws Failed `invalid-input` when issuer, JWKS URL and audience do not go together, or may not be used
   * @throws AdminRefusal ALREADY_EXISTS, ID_RETIRED, ISSUER_TAKEN
   */
  async create(input: CreateTenant): Promise<Tenant> {
    const { id, name = null, ...given } = input;
    const tenant = { id, name, ...this.issuerOf(given) };
    const created = await insert(this.tenants, tenant, clashes);
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
   * @throws Failed `invalid-input` when issuer, JWKS URL and audience do not go together then, or may not be used
   * @throws AdminRefusal NOT_FOUND, ISSUER_TAKEN
   */
  async change(id: string, { name, ...given }: ChangeTenant): Promise<Tenant> {
    const changesOf = (tenant: Tenant) => ({ ...(name !== undefined && { name }), ...this.issuerOf(given, tenant) });
    const changed = await change(this.tenants, { id }, changesOf, clashes);
    this.registry.forget();
    return changed;
  }

  /**
   * Deletes a tenant and those it knows, and cancels what is open; its approvals stay, and their history.
   * @throws AdminRefusal NOT_FOUND
   */
  delete(id: string, actor: string): Promise<void> {
    return this.deletions.tenant(id, actor);
  }

  /** The issuer that a tenant is given, and what belongs to it; `former` is what it has. */
  private issuerOf(given: Omit<ChangeTenant, 'name'>, former: TenantIssuer = noIssuer): TenantIssuer {
    this.targets.checkVisited('issuer', given.issuer);
    this.targets.checkCalled('jwksUrl', given.jwksUrl, 'jwks');
    if (given.issuer?.startsWith(this.accessTokens.issuerOf('')))
      throw invalid('issuer', 'this is the name of the built-in issuer');
    // An operator's token must not pass for one of a tenant's.
    if (given.issuer && this.operators.isNamed(given.issuer))
      throw invalid('issuer', 'this is the issuer of the operators');
    const { allowAnyAudience, ...named } = given;
    const { issuer, jwksUrl, audience } = { ...(given.issuer === null ? noIssuer : former), ...named };
    const stays = given.issuer === undefined && given.audience === undefined;
    const anyAudience = allowAnyAudience ?? (stays && former.issuer !== null && former.audience === null);
    if ((issuer === null) !== (jwksUrl === null))
      throw invalid(issuer === null ? 'issuer' : 'jwksUrl', 'issuer and jwksUrl go together');
    if (issuer === null && (audience !== null || anyAudience)) throw invalid('audience', 'it belongs to an issuer');
    if (issuer !== null && (audience === null) !== anyAudience)
      throw invalid('audience', 'an issuer needs either an audience or allowAnyAudience');
    return { issuer, jwksUrl, audience };
  }
}

type TenantIssuer = Pick<Tenant, 'issuer' | 'jwksUrl' | 'audience'>;

const noIssuer: TenantIssuer = { issuer: null, jwksUrl: null, audience: null };

const clashes = { tenant_issuer_unique: 'ISSUER_TAKEN' } as const;
