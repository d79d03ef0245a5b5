import { Module, type DynamicModule } from '@nestjs/common';
import { Vault } from './vault';

@Module({})
export class SecretsModule {
  static register(masterKey: Buffer): DynamicModule {
    return {
      module: SecretsModule,
      global: true,
      providers: [{ provide: Vault, useValue: new Vault(masterKey) }],
      exports: [Vault],
    };
  }
}
