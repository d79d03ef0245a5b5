import { Global, Module } from '@nestjs/common';
import { History } from './history';
import { LifecycleEngine } from './lifecycle-engine';
import { MeasuredLifecycleEngine } from './measured-lifecycle-engine';

@Global()
@Module({
  providers: [{ provide: LifecycleEngine, useClass: MeasuredLifecycleEngine }, History],
  exports: [LifecycleEngine, History],
})
export class LifecycleModule {}
