import { Module } from '@nestjs/common';
import { ClockController } from './clock/clock.controller';
import { ClockService } from './clock/clock.service';
import { DemoData } from './demo/demo-data';
import { DemoRepository } from './demo/demo.repository';
import { SandboxKeys } from './demo/sandbox-keys';
import { DemoDevicesController } from './devices/demo-devices.controller';
import { DemoDevicesService } from './devices/demo-devices.service';
import { InboxController } from './inbox/inbox.controller';
import { SignatureModule } from '../signature/signature.module';
import { SignTokenController } from './sign-token/sign-token.controller';
import { SignTokenService } from './sign-token/sign-token.service';

/** A place to try everything in, with parties that play along; part of the application only with `SANDBOX`. */
@Module({
  imports: [SignatureModule],
  controllers: [SignTokenController, ClockController, InboxController, DemoDevicesController],
  providers: [DemoData, DemoRepository, SandboxKeys, SignTokenService, ClockService, DemoDevicesService],
})
export class SandboxModule {}
