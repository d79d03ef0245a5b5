import { Global, Module } from '@nestjs/common';
import { Strategies } from './strategies';

/** The module that knows a kind of caller provides the strategy for it. */
@Global()
@Module({ providers: [Strategies], exports: [Strategies] })
export class AuthModule {}
