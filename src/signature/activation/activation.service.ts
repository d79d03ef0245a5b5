import { Injectable } from '@nestjs/common';
import { DomainRefusal } from '../../platform/envelope/failure';
import { type ProblemRefusal } from '../../platform/envelope/problem.error-format';
import { Registry } from '../../accounts/tenants/registry';
import { type ActivationCode, ActivationCodes } from './activation-codes';

/** There is nobody to enrol a device for. */
export class NoSuchUser extends DomainRefusal implements ProblemRefusal {
  readonly code = 'NOT_FOUND';
  readonly status = 404;

  constructor() {
    super('There is no such user.');
    this.name = 'NoSuchUser';
  }
}

/** What an administrator does so that a user can enrol a device. */
@Injectable()
export class ActivationService {
  constructor(
    private readonly registry: Registry,
    private readonly codes: ActivationCodes,
  ) {}

  /** @throws NoSuchUser */
  async issue(tenantId: string, userId: string): Promise<ActivationCode> {
    const known = (await this.registry.tenant(tenantId)) && (await this.registry.hasUser(tenantId, userId));
    const code = known ? await this.codes.issue(tenantId, userId) : undefined;
    if (code === undefined) throw new NoSuchUser();
    return code;
  }
}
