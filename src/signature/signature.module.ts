import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { TenantAddress } from '../accounts/tokens/tenant-address';
import { type Settings, SETTINGS } from '../platform/settings/settings';
import { addressedTenant } from './addressed-tenant';
import { ActivationCodes } from './activation/activation-codes';
import { DeviceController } from './devices/device.controller';
import { Device } from './devices/device.entity';
import { DeviceKeys } from './devices/device-keys';
import { DeviceRepository } from './devices/device.repository';
import { DeviceService } from './devices/device.service';
import { DeviceStrategy } from './devices/device.strategy';
import { EnrolmentController } from './devices/enrolment.controller';
import { OfferController } from './offers/offer.controller';
import { OfferRepository } from './offers/offer.repository';
import { OfferService } from './offers/offer.service';
import { CallbackChannel } from './result/callback.channel';
import { CallbackHeaders } from './result/callback-headers';
import { Expiry } from './result/expiry';
import { ResultRepository } from './result/result.repository';
import { ResultService } from './result/result.service';
import { SealedSignatures } from './sealed-signatures';
import { SignatureContent } from './signature-content';
import { SignatureController } from './signature.controller';
import { Signature } from './signature.entity';
import { SignatureRepository } from './signature.repository';
import { SignatureService } from './signature.service';

export const signatureEntities = [Signature, Device];

@Module({
  imports: [TypeOrmModule.forFeature(signatureEntities)],
  controllers: [SignatureController, DeviceController, EnrolmentController, OfferController],
  providers: [
    SignatureService,
    SignatureRepository,
    SignatureContent,
    SealedSignatures,
    ResultService,
    ResultRepository,
    Expiry,
    CallbackChannel,
    CallbackHeaders,
    OfferService,
    OfferRepository,
    DeviceService,
    DeviceRepository,
    DeviceKeys,
    DeviceStrategy,
    ActivationCodes,
  ],
  exports: [ActivationCodes, DeviceRepository, OfferRepository, OfferService],
})
export class SignatureModule implements OnModuleInit {
  constructor(
    private readonly tenantAddress: TenantAddress,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  onModuleInit(): void {
    this.tenantAddress.register((request) => addressedTenant(request, this.settings.baseHost));
  }
}
