import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import { OptionalLabel, userIdPattern } from './input';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type Repository } from 'typeorm';
import { ActivationCodes } from '../accounts/devices/activation-codes';
import { Registry } from '../accounts/tenants/registry';
import { TenantUser } from '../accounts/tenants/tenant.entities';
import { ProblemRefusal } from '../platform/envelope/problem.error-format';
import { change, find, insert, pageOfTenant } from './admin.rows';
import { Deletions } from './deletions';
import { type Page, type PageQuery } from './admin.answers';

export class CreateUser {
  @Matches(userIdPattern, { message: '$property must be 1 to 128 letters, digits or any of _ . @ + -' })
  @ApiProperty({ pattern: userIdPattern.source, example: 'alice@acme.example' })
  userId: string;

  @OptionalLabel('Alice')
  displayName?: string | null;
}

/** What is left out stays as it is; null takes it away. */
export class ChangeUser {
  @OptionalLabel('Alice Tan')
  displayName?: string | null;
}

/** A user as administrators see it. */
export class ShownUser {
  @ApiProperty()
  tenantId: string;

  @ApiProperty({ example: 'alice@acme.example' })
  userId: string;

  @ApiProperty({ type: String, nullable: true })
  displayName: string | null;

  @ApiProperty()
  createdAt: Date;
}

/** Shown once to the operator, who passes it to the user. */
export class ActivationCode {
  @ApiProperty()
  activationCode: string;

  @ApiProperty()
  expiresAt: Date;
}

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
    private readonly deletions: Deletions,
    private readonly registry: Registry,
    private readonly codes: ActivationCodes,
  ) {}

  /** @throws AdminRefusal TENANT_NOT_FOUND, ALREADY_EXISTS */
  create(tenantId: string, { userId, displayName }: CreateUser): Promise<TenantUser> {
    return insert(this.users, { tenantId, userId, displayName: displayName ?? null });
  }

  /** @throws AdminRefusal TENANT_NOT_FOUND */
  list(tenantId: string, query: PageQuery): Promise<Page<TenantUser>> {
    return pageOfTenant(this.users, 'userId', tenantId, query);
  }

  /** @throws AdminRefusal NOT_FOUND */
  get(tenantId: string, userId: string): Promise<TenantUser> {
    return find(this.users, { tenantId, userId });
  }

  /** @throws AdminRefusal NOT_FOUND */
  change(tenantId: string, userId: string, input: ChangeUser): Promise<TenantUser> {
    return change(this.users, { tenantId, userId }, () => input);
  }

  /** A code by which the user can enrol one device. @throws NoSuchUser */
  async issueActivationCode(tenantId: string, userId: string): Promise<ActivationCode> {
    const known = (await this.registry.tenant(tenantId)) && (await this.registry.hasUser(tenantId, userId));
    const code = known ? await this.codes.issue(tenantId, userId) : undefined;
    if (code === undefined) throw new NoSuchUser();
    return code;
  }

  /** Deletes a user with their devices, and cancels what is asked of them. @throws AdminRefusal NOT_FOUND */
  delete(tenantId: string, userId: string): Promise<void> {
    return this.deletions.user(tenantId, userId);
  }
}
