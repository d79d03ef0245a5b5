import { type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { OtpConfigAdminController } from './config/otp-config-admin.controller';
import { OtpConfigAdminService } from './config/otp-config-admin.service';
import { OtpConfig, OtpConfigs } from './config/otp-configs';
import { OtpCreationRepository } from './otp-creation.repository';
import { OtpCreationService } from './otp-creation.service';
import { OtpIdempotencyRepository } from './otp-idempotency.repository';
import { OtpMessages } from './otp-messages';
import { onlyPost, OtpController } from './otp.controller';
import { Otp } from './otp.entity';
import { OtpRepository } from './otp.repository';
import { OtpSecrets } from './otp.secrets';
import { OtpExpiry, OtpService } from './otp.service';

export const otpEntities = [Otp, OtpConfig];

@Module({
  imports: [TypeOrmModule.forFeature(otpEntities)],
  controllers: [OtpController],
  providers: [
    OtpService,
    OtpCreationService,
    OtpRepository,
    OtpCreationRepository,
    OtpIdempotencyRepository,
    OtpConfigs,
    OtpSecrets,
    OtpMessages,
    OtpExpiry,
  ],
  exports: [OtpConfigs],
})
export class OtpModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer
      .apply(onlyPost)
      .forRoutes(...['create', 'cancel', 'verify', 'resend', 'consume'].map((each) => `otp/${each}`));
  }
}

/** The tenants' OTP settings, for administrators. */
@Module({
  imports: [TypeOrmModule.forFeature([OtpConfig]), OtpModule],
  controllers: [OtpConfigAdminController],
  providers: [OtpConfigAdminService],
})
export class OtpConfigAdminModule {}
