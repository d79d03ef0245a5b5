import { defineApi } from '../approvals/define-api';
import { type Definition } from '../platform/openapi/documents';
import { exampleJwt, type Webhook } from '../platform/openapi/webhooks';
import { SignRequest1763700000002 } from './migrations/1763700000002-sign-request';
import { SigningAuthority1763700000009 } from './migrations/1763700000009-signing-authority';
import { SignRequestOwner1763700000302 } from './migrations/1763700000302-sign-request-owner';
import { SealedDocuments1763700000500 } from './migrations/1763700000500-sealed-documents';
import { SignRequestBeginAndEnd1763700000703 } from './migrations/1763700000703-sign-request-begin-and-end';
import { SignRequestDue1763700000742 } from './migrations/1763700000742-sign-request-due';
import { SignRequestSearch1763700000810 } from './migrations/1763700000810-sign-request-search';
import { portalErrorFormat } from './portal/portal.errors';
import { relyingParty } from './relying-party.strategy';
import { SignedDocumentNotice } from './sign-request.dto';
import { signedWebhook } from './session/sign-sessions';
import { signRequestErrorFormat } from './sign-request.errors';
import { signRequestLifecycle } from './sign-request.lifecycle';
import { onceChanged } from './sign-request.repository';
import { signRequestEntities, SignRequestModule, SimulatedLoginModule } from './sign-request.module';

const exampleToken = exampleJwt(
  { alg: 'ES256', typ: 'webhook+jwt', kid: '0b2e7a1c-5f0e-4a55-9d0a-3f6f0c1d2e3b' },
  {
    request_type: 'signed_doc_url',
    signed_doc_url: 'https://sign.example/api/v3/signed-documents/0aDk3c',
    request_id: 'signv3-0199cc9c-8b7c-70df-b29b-39843a10c332',
    signer_info: { signer_name: 'Tan Ah Kow', signer_partial_uinfin: '567D', signed_at: 1736937000000 },
    iss: 'https://sign.example',
    aud: 'test-client-id',
    iat: 1736937000,
    exp: 1736937120,
  },
);

const signedDocument: Webhook = {
  summary: 'A document has been signed',
  description: [
    'Posted to the relying party’s webhook URL. Any 2xx within 2 s is success; otherwise it is posted again, with a fresh',
    'token, two more times, 2 s after the last. The token is for the relying party alone, and serves two minutes.',
  ].join(' '),
  tag: 'Results',
  body: SignedDocumentNotice,
  examples: { signed: { token: exampleToken } },
};

const signRequestDefinition: Definition = {
  name: 'sign-v3',
  title: 'Sign v3',
  description:
    'Requests for a person’s signature in a document, which can be called back until a sign session is open.',
  bases: ['/api/v3', '/.well-known', '/sandbox/sign-token', '/sandbox/clock'],
  webhooks: { 'signed-document': signedDocument },
  examples: { requestId: 'signv3-0199cc9c-8b7c-70df-b29b-39843a10c332', link: 'Zm9yLWV4YW1wbGUtb25seQ' },
};

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
    SignRequestBeginAndEnd1763700000703,
    SignRequestDue1763700000742,
    SignRequestSearch1763700000810,
  ],
  lifecycle: signRequestLifecycle,
  finding: {
    person: ['signer = :signerHash::bytea', 'intended_signer = :signerHash::bytea'],
    relyingParty: `begun_by = 'relying-party:' || :relyingParty::text`,
    facts: {
      relyingParty: 'client_id',
      signLocations: 'jsonb_array_length(sign_locations)',
      hasIntendedSigner: 'intended_signer IS NOT NULL',
      hasSigner: 'signer IS NOT NULL',
    },
    channels: [signedWebhook],
    onceEnded: onceChanged,
  },
  errorFormats: [signRequestErrorFormat, portalErrorFormat],
  authentication: [relyingParty],
  openapi: [signRequestDefinition],
  swaggerInterceptor: signClaims,
});

/** A request as Swagger UI is about to send it. */
interface OutgoingRequest {
  readonly headers: Record<string, string | undefined>;
}

/**
 * Runs in the browser, inside Swagger UI. Where the caller authorized with claims (a JSON object) in place of a relying
 * party's token, the sandbox signs them for this call: such a token serves once and two minutes, too short to be pasted.
 */
async function signClaims<Request extends OutgoingRequest>(request: Request): Promise<Request> {
  const claims = request.headers.Authorization;
  if (!claims?.startsWith('{')) return request;
  const answer = await fetch('/sandbox/sign-token', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: `{"claims":${claims}}`,
  });
  const { token } = (await answer.json()) as { token?: string };
  request.headers.Authorization = token;
  return request;
}
