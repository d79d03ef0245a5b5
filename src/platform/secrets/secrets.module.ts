import { Module, type DynamicModule } from '@nestjs/common';
import { Resealing } from './resealing';
import { SealedContent } from './sealed-content';
import { Vault } from './vault';

@Module({})
export class SecretsModule {
  static register(masterKey: Buffer): DynamicModule {
    return {
      module: SecretsModule,
      global: true,
      providers: [{ provide: Vault, useValue: new Vault(masterKey) }, SealedContent, Resealing],
      exports: [Vault, SealedContent, Resealing],
    };
  }
}
