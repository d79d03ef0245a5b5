import { Global, Module } from '@nestjs/common';
import { Wake } from './wake';

@Global()
@Module({ providers: [Wake], exports: [Wake] })
export class WakeModule {}
