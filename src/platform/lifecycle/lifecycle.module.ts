import { Global, Module } from '@nestjs/common';
import { History } from './history';
import { LifecycleEngine } from './lifecycle-engine';

@Global()
@Module({ providers: [LifecycleEngine, History], exports: [LifecycleEngine, History] })
export class LifecycleModule {}
