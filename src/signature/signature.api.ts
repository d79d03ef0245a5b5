import { defineApi } from '../approvals/define-api';
import { ActivationAdminModule } from './activation/activation-admin.module';
import { device } from './devices/device.strategy';
import { Signature1763700000003 } from './migrations/1763700000003-signature';
import { Devices1763700000007 } from './migrations/1763700000007-devices';
import { SignatureOwner1763700000303 } from './migrations/1763700000303-signature-owner';
import { SignatureRoom1763700000305 } from './migrations/1763700000305-signature-room';
import { SealedSignatures1763700000501 } from './migrations/1763700000501-sealed-signatures';
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
  migrations: [
    Signature1763700000003,
    Devices1763700000007,
    SignatureOwner1763700000303,
    SignatureRoom1763700000305,
    SealedSignatures1763700000501,
  ],
  lifecycle: signatureLifecycle,
  errorFormats: [signatureErrorFormat, deviceErrorFormat],
  authentication: [device],
  openapi: [digitaniumDefinition, deviceDefinition],
});
