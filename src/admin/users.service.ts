import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type Repository } from 'typeorm';
import { ActivationCodes } from '../accounts/devices/activation-codes';
import { type IdentifierKind, identifierKinds, Identifiers } from '../accounts/people/identifiers';
import { People } from '../accounts/people/people';
import { Registry } from '../accounts/tenants/registry';
import { TenantUser } from '../accounts/tenants/tenant.entities';
import { Failed } from '../platform/envelope/failure';
import { ProblemRefusal } from '../platform/envelope/problem.error-format';
import { find, pageOfTenant, refuseBy } from './admin.rows';
import { Deletions } from './deletions';
import { AdminRefusal, type Page, type PageQuery } from './admin.answers';
import { type ActivationCode, type ChangeUser, type CreateUser, type ShownUser } from './users.dto';

/** The user that a device should be enrolled for does not exist. */
export class NoSuchUser extends ProblemRefusal {
  readonly code = 'NOT_FOUND';

  constructor() {
    super({ status: 404, message: 'There is no such user.' });
  }
}

/** The people of tenants, whose devices are asked for signatures. */
@Injectable()
export class UsersService {
  constructor(
    @InjectRepository(TenantUser) private readonly users: Repository<TenantUser>,
    private readonly people: People,
    private readonly identifiers: Identifiers,
    private readonly deletions: Deletions,
    private readonly registry: Registry,
    private readonly codes: ActivationCodes,
  ) {}

  /**
   * @throws Failed `invalid-input` when an identifier is none
   * @throws AdminRefusal TENANT_NOT_FOUND, ALREADY_EXISTS, ID_RETIRED, IDENTIFIER_TAKEN
   */
  async create(tenantId: string, { userId, displayName, ...texts }: CreateUser): Promise<ShownUser> {
    const identifiers = identifierKinds.flatMap((kind) => this.read(tenantId, kind, texts[kind]) ?? []);
    await this.people.register({ tenantId, userId }, { displayName: displayName ?? null, identifiers }).catch(taken);
    return this.get(tenantId, userId);
  }

  /** @throws AdminRefusal TENANT_NOT_FOUND */
  async list(tenantId: string, query: PageQuery): Promise<Page<ShownUser>> {
    const { items, next } = await pageOfTenant(this.users, 'userId', tenantId, query);
    return { items: await this.shown(tenantId, items), next };
  }

  /** @throws AdminRefusal NOT_FOUND */
  async get(tenantId: string, userId: string): Promise<ShownUser> {
    const [user] = await this.shown(tenantId, [await find(this.users, { tenantId, userId })]);
    if (user === undefined) throw new AdminRefusal('NOT_FOUND');
    return user;
  }

  /**
   * @throws Failed `invalid-input` when an identifier is none
   * @throws AdminRefusal NOT_FOUND, IDENTIFIER_TAKEN
   */
  async change(tenantId: string, userId: string, { displayName, ...texts }: ChangeUser): Promise<ShownUser> {
    const identifiers = Object.fromEntries(
      identifierKinds.map((kind) => [kind, this.read(tenantId, kind, texts[kind])]),
    );
    if (!(await this.people.change({ tenantId, userId }, { displayName, identifiers }).catch(taken)))
      throw new AdminRefusal('NOT_FOUND');
    return this.get(tenantId, userId);
  }

  /** A code by which the user can enrol one device. @throws NoSuchUser */
  async issueActivationCode(tenantId: string, userId: string): Promise<ActivationCode> {
    const known = (await this.registry.tenant(tenantId)) && (await this.registry.hasUser(tenantId, userId));
    const code = known ? await this.codes.issue(tenantId, userId) : undefined;
    if (code === undefined) throw new NoSuchUser();
    return code;
  }

  /** Deletes a user with their devices, and cancels what is asked of them. @throws AdminRefusal NOT_FOUND */
  delete(tenantId: string, userId: string, actor: string): Promise<void> {
    return this.deletions.user(tenantId, userId, actor);
  }

  private async shown(tenantId: string, users: readonly TenantUser[]): Promise<ShownUser[]> {
    const masked = await this.people.maskedOf(
      tenantId,
      users.map(({ userId }) => userId),
    );
    return users.map(({ userId, displayName, createdAt }, index) => {
      return { tenantId, userId, displayName, ...noIdentifiers, ...masked[index], createdAt };
    });
  }

  /** @throws Failed `invalid-input` when the text is no identifier of its kind */
  private read<Given extends string | null | undefined>(tenantId: string, kind: IdentifierKind, text: Given) {
    if (typeof text !== 'string') return text as Exclude<Given, string>;
    const kept = this.identifiers.kept(tenantId, kind, text);
    if (kept === undefined)
      throw new Failed({ kind: 'invalid-input', faults: [{ field: kind, problem: `Invalid ${kind}` }] });
    return kept;
  }
}

const noIdentifiers = { email: null, telephone: null, signer: null };

const taken = refuseBy({ person_identifier_unique: 'IDENTIFIER_TAKEN' });
