import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Jobs } from '../platform/jobs/jobs';
import { OtpRepository } from './otp.repository';

/** An OTP that nobody asks for again expires all the same; this forgets its code and recipient within a minute. */
@Injectable()
export class OtpExpiry implements OnModuleInit {
  constructor(
    private readonly jobs: Jobs,
    private readonly otps: OtpRepository,
  ) {}

  onModuleInit(): void {
    this.jobs.everyMinute('expire-otps', async () => {
      while ((await this.otps.expire()) > 0);
    });
  }
}
