import { Module } from '@nestjs/common';
import { SignatureModule } from '../signature.module';
import { ActivationCodeController } from './activation-code.controller';
import { ActivationService } from './activation.service';

/** The administration's part of this API. */
@Module({
  imports: [SignatureModule],
  controllers: [ActivationCodeController],
  providers: [ActivationService],
})
export class ActivationAdminModule {}
