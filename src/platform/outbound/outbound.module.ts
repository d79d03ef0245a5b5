import { Global, Module } from '@nestjs/common';
import { type Settings } from '../settings/settings';
import { SETTINGS } from '../settings/settings.module';
import { OutboundClient } from './outbound-client';

@Global()
@Module({
  providers: [
    { provide: OutboundClient, useFactory: (settings: Settings) => new OutboundClient(settings), inject: [SETTINGS] },
  ],
  exports: [OutboundClient],
})
export class OutboundModule {}
