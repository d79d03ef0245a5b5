import { Module, type DynamicModule } from '@nestjs/common';
import { type Settings } from './settings';

/** The token under which the one validated settings object is injected. */
export const SETTINGS = Symbol('Settings');

@Module({})
export class SettingsModule {
  static register(settings: Settings): DynamicModule {
    return {
      module: SettingsModule,
      global: true,
      providers: [{ provide: SETTINGS, useValue: settings }],
      exports: [SETTINGS],
    };
  }
}
