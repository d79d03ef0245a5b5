import { defineApi } from '../approvals/define-api';
import { SignRequest1763700000002 } from './migrations/1763700000002-sign-request';
import { SigningAuthority1763700000009 } from './migrations/1763700000009-signing-authority';
import { SignRequestOwner1763700000302 } from './migrations/1763700000302-sign-request-owner';
import { SealedDocuments1763700000500 } from './migrations/1763700000500-sealed-documents';
import { SimulatedLoginModule } from './portal.module';
import { portalErrorFormat } from './portal/portal.error-format';
import { relyingParty } from './relying-party.strategy';
import { signClaims } from './sign-claims';
import { signRequestDefinition } from './sign-request.definition';
import { signRequestErrorFormat } from './sign-request.error-format';
import { signRequestLifecycle } from './sign-request.lifecycle';
import { signRequestEntities, SignRequestModule } from './sign-request.module';

/** Singpass Sign v3, and the portal where people sign. */
export const signRequestApi = defineApi({
  name: 'sign-request',
  module: SignRequestModule,
  sandboxModule: SimulatedLoginModule,
  entities: signRequestEntities,
  migrations: [
    SignRequest1763700000002,
    SigningAuthority1763700000009,
    SignRequestOwner1763700000302,
    SealedDocuments1763700000500,
  ],
  lifecycle: signRequestLifecycle,
  errorFormats: [signRequestErrorFormat, portalErrorFormat],
  authentication: [relyingParty],
  openapi: [signRequestDefinition],
  swaggerInterceptor: signClaims,
});
