import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { OtpConfig } from './otp-config.entity';
import { OtpConfigs } from './otp-configs';
import { OtpController } from './otp.controller';
import { Otp } from './otp.entity';
import { OtpRepository } from './otp.repository';
import { OtpSecrets } from './otp.secrets';
import { OtpService } from './otp.service';

export const otpEntities = [Otp, OtpConfig];

@Module({
  imports: [TypeOrmModule.forFeature(otpEntities)],
  controllers: [OtpController],
  providers: [OtpService, OtpRepository, OtpConfigs, OtpSecrets],
})
export class OtpModule {}
