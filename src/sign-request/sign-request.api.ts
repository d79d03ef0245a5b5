import { defineApi } from '../approvals/define-api';
import { SimulatedLoginModule } from './portal.module';
import { portalDialect } from './portal/portal.dialect';
import { relyingParty } from './relying-party.strategy';
import { signClaims } from './sign-claims';
import { signRequestDefinition } from './sign-request.definition';
import { signRequestDialect } from './sign-request.dialect';
import { signRequestLifecycle } from './sign-request.lifecycle';
import { signRequestEntities, SignRequestModule } from './sign-request.module';

/** Singpass Sign v3, and the portal where people sign. */
export const signRequestApi = defineApi({
  name: 'sign-request',
  module: SignRequestModule,
  sandboxModule: SimulatedLoginModule,
  entities: signRequestEntities,
  lifecycle: signRequestLifecycle,
  errorFormats: [signRequestDialect, portalDialect],
  authentication: [relyingParty],
  openapi: [signRequestDefinition],
  swaggerInterceptor: signClaims,
});
