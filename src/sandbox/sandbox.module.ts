import { Module } from '@nestjs/common';
import { ClockController, ClockService } from './clock.controller';
import { DemoData, DemoRepository } from './demo-data';
import { SandboxKeys } from './demo';
import { DemoDevicesController, DemoDevicesService } from './demo-devices.controller';
import { InboxController } from './inbox.controller';
import { SignatureModule } from '../signature/signature.module';
import { SignTokenController, SignTokenService } from './sign-token.controller';

/** A place to try everything in, with parties that play along; part of the application only with `SANDBOX`. */
@Module({
  imports: [SignatureModule],
  controllers: [SignTokenController, ClockController, InboxController, DemoDevicesController],
  providers: [DemoData, DemoRepository, SandboxKeys, SignTokenService, ClockService, DemoDevicesService],
})
export class SandboxModule {}
