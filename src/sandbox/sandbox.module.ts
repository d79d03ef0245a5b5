import { Module } from '@nestjs/common';
import { ClockController } from './clock/clock.controller';
import { ClockService } from './clock/clock.service';
import { DemoData } from './demo/demo-data';
import { DemoRepository } from './demo/demo.repository';
import { SandboxKeys } from './demo/sandbox-keys';
import { InboxController } from './inbox/inbox.controller';
import { SignTokenController } from './sign-token/sign-token.controller';
import { SignTokenService } from './sign-token/sign-token.service';

/** A place to try everything in, with parties that play along; part of the house only with `SANDBOX`. */
@Module({
  controllers: [SignTokenController, ClockController, InboxController],
  providers: [DemoData, DemoRepository, SandboxKeys, SignTokenService, ClockService],
})
export class SandboxModule {}
