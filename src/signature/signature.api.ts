import { defineApi } from '../approvals/define-api';
import { ActivationAdminModule } from './activation/activation-admin.module';
import { device } from './devices/device.strategy';
import { deviceDefinition, digitaniumDefinition } from './signature.definition';
import { deviceDialect, signatureDialect } from './signature.dialect';
import { signatureLifecycle } from './signature.lifecycle';
import { signatureEntities, SignatureModule } from './signature.module';

/** KOBIL Digitanium v4, and what its devices call. */
export const signatureApi = defineApi({
  name: 'signature',
  module: SignatureModule,
  adminModule: ActivationAdminModule,
  entities: signatureEntities,
  lifecycle: signatureLifecycle,
  errorFormats: [signatureDialect, deviceDialect],
  authentication: [device],
  openapi: [digitaniumDefinition, deviceDefinition],
});
