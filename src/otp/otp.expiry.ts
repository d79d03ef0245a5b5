import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Jobs } from '../platform/jobs/jobs';
import { ApprovalsClock } from '../approvals/approvals-clock';
import { OtpRepository } from './otp.repository';

/** An OTP that nobody asks for again expires all the same; this forgets its code and recipient within a minute. */
@Injectable()
export class OtpExpiry implements OnModuleInit {
  constructor(
    private readonly jobs: Jobs,
    private readonly clock: ApprovalsClock,
    private readonly otps: OtpRepository,
  ) {}

  onModuleInit(): void {
    this.jobs.everyMinute('expire-otps', (size) => this.otps.expire(size));
    this.clock.beforeMove((client) => this.otps.expireAll(client));
  }
}
