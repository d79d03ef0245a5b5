import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { OtpModule } from '../../otp.module';
import { OtpConfig } from '../otp-config.entity';
import { OtpConfigAdminController } from './otp-config-admin.controller';
import { OtpConfigAdminService } from './otp-config-admin.service';

/** The tenants' OTP settings, for administrators. */
@Module({
  imports: [TypeOrmModule.forFeature([OtpConfig]), OtpModule],
  controllers: [OtpConfigAdminController],
  providers: [OtpConfigAdminService],
})
export class OtpConfigAdminModule {}
