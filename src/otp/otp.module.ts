import { type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { OtpConfig } from './config/otp-config.entity';
import { OtpConfigs } from './config/otp-configs';
import { OtpMessages } from './messages/otp-messages';
import { onlyPost } from './only-post';
import { OtpCreationRepository } from './otp-creation.repository';
import { OtpCreationService } from './otp-creation.service';
import { OtpIdempotencyRepository } from './otp-idempotency.repository';
import { OtpController } from './otp.controller';
import { Otp } from './otp.entity';
import { OtpExpiry } from './otp.expiry';
import { OtpRepository } from './otp.repository';
import { OtpSecrets } from './otp.secrets';
import { OtpService } from './otp.service';

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
