import { defineApi } from '../approvals/define-api';
import { ActivationAdminModule } from './activation/activation-admin.module';
import { device } from './devices/device.strategy';
import { deviceDefinition, digitaniumDefinition } from './signature.definition';
import { deviceErrorFormat, signatureErrorFormat } from './signature.error-format';
import { signatureLifecycle } from './signature.lifecycle';
import { signatureEntities, SignatureModule } from './signature.module';

/** KOBIL Digitanium v4, and what its devices call. */
export const signatureApi = defineApi({
  name: 'signature',
  module: SignatureModule,
  adminModule: ActivationAdminModule,
  entities: signatureEntities,
  lifecycle: signatureLifecycle,
  errorFormats: [signatureErrorFormat, deviceErrorFormat],
  authentication: [device],
  openapi: [digitaniumDefinition, deviceDefinition],
});
