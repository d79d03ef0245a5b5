import { defineApi } from '../approvals/define-api';
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
  lifecycle: signRequestLifecycle,
  errorFormats: [signRequestErrorFormat, portalErrorFormat],
  authentication: [relyingParty],
  openapi: [signRequestDefinition],
  swaggerInterceptor: signClaims,
});
