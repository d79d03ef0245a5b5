import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Jobs } from '../platform/jobs/jobs';
import { ApprovalOwners } from '../approvals/approval-owners';
import { ApprovalsClock } from '../approvals/approvals-clock';
import { OtpRepository } from './otp.repository';

/**
 * Ends the OTPs that no caller ends: those whose time is over, so that code and recipient are forgotten within a minute,
 * and those of a tenant that is deleted.
 */
@Injectable()
export class OtpExpiry implements OnModuleInit {
  constructor(
    private readonly jobs: Jobs,
    private readonly clock: ApprovalsClock,
    private readonly owners: ApprovalOwners,
    private readonly otps: OtpRepository,
  ) {}

  onModuleInit(): void {
    this.jobs.everyMinute('expire-otps', (size) => this.otps.expire(size));
    this.clock.beforeTransition((client) => this.otps.expireAll(client));
    this.owners.whenDeleted(async ({ tenantId, userId, clientId }, actor, client) => {
      if (userId === undefined && clientId === undefined) await this.otps.disown(tenantId, actor, client);
    });
  }
}
