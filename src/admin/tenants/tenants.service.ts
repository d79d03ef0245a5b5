import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type Repository } from 'typeorm';
import { AccessTokens } from '../../accounts/tokens/access-tokens';
import { Failed } from '../../platform/envelope/failure';
import { Registry } from '../../accounts/tenants/registry';
import { Tenant } from '../../accounts/tenants/tenant.entity';
import { find, insert, page } from '../admin.rows';
import { Deletions } from '../deletions';
import { type Page, type PageQuery } from '../page';
import { Targets } from '../targets';
import { type CreateTenant } from './create-tenant.dto';

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
   * @throws Failed `invalid-input` when issuer, JWKS URL and audience do not stand together, or may not be used
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

  list(query: PageQuery): Promise<Page<Tenant>> {
    return page(this.tenants, 'id', {}, query);
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
