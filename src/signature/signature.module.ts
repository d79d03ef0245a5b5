import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { type Address, TenantAddress } from '../accounts/tokens/tenant.strategies';
import { type Settings, SETTINGS } from '../platform/settings/settings';
import { DeviceController, EnrolmentController } from './devices/device.controller';
import { OfferController } from './offers/offer.controller';
import { OfferRepository } from './offers/offer.repository';
import { OfferService } from './offers/offer.service';
import { CallbackChannel, CallbackHeaders } from './result/callback.channel';
import { Expiry } from './result/expiry';
import { ResultRepository } from './result/result.repository';
import { ResultService } from './result/result.service';
import { SealedSignatures } from './sealed-signatures';
import { SignatureController } from './signature.controller';
import { SignatureRepository } from './signature.repository';
import { SignatureContent, SignatureService } from './signature.service';

@Module({
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
  ],
  exports: [OfferRepository, OfferService],
})
export class SignatureModule implements OnModuleInit {
  constructor(
    private readonly tenantAddress: TenantAddress,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  onModuleInit(): void {
    this.tenantAddress.register((address) => addressedTenant(address, this.settings.baseHost));
  }
}

/**
 * The tenant that a request names: in its path (`/auth/realms/{tenantId}/…`) or as the first label of its host
 * (`{tenantId}.{BASE_HOST}`). Undefined where it names none: then the bearer's own tenant is used.
 * Source: Cancel Signature, "HTTP request URL for SSMS" and "… for SHIFT".
 */
function addressedTenant({ hostname, params }: Address, baseHost: string): string | undefined {
  if (typeof params.tenantId === 'string') return params.tenantId;
  // A name with a closing dot is the same name.
  const host = hostname.toLowerCase().replace(/\.$/, '');
  return host.endsWith(`.${baseHost}`) ? host.slice(0, -baseHost.length - 1) : undefined;
}
