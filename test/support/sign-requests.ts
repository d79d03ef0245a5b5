import { randomBytes, randomUUID } from 'node:crypto';
import { type JWTPayload } from 'jose';
import request, { type Response } from 'supertest';
import { PortalRepository } from '../../src/sign-request/portal/portal.repository';
import { hashSecret } from '../../src/platform/secrets/random-secret';
import { SignSessionRepository } from '../../src/sign-request/session/sign-sessions';
import { type TestRelyingParty } from './fixtures';
import { writePdf } from './pdf/pdf-file';
import { onePage } from './pdf/samples';
import { type TestNode } from './test-app';

export const samplePdf = writePdf(onePage);
export const sampleLocations = [{ x: 0.1, y: 0.1, page: 1 }];

/** What `initiate` answers. */
export interface Initiated {
  readonly request_id: string;
  readonly signing_url: string;
  readonly exchange_code: string;
}

/** Calls `initiate` with sound claims, or with some of them changed. */
export async function callInitiate(
  url: string,
  party: TestRelyingParty,
  claims: JWTPayload = {},
  document: Buffer = samplePdf,
): Promise<Response> {
  const sound = { doc_name: 'Lease.pdf', sign_locations: sampleLocations, jti: randomUUID() };
  return request(url)
    .post('/api/v3/sign-requests')
    .set('authorization', await party.token({ ...sound, ...claims }))
    .type('application/octet-stream')
    .send(document);
}

export async function initiate(url: string, party: TestRelyingParty, claims: JWTPayload = {}): Promise<Initiated> {
  const { status, body } = await callInitiate(url, party, claims);
  if (status !== 200) throw new Error(`initiate answered ${status} ${JSON.stringify(body)}`);
  return body;
}

export async function callCancel(url: string, party: TestRelyingParty, requestId?: unknown): Promise<Response> {
  const token = await party.token({ request_id: requestId });
  return request(url).post('/api/v3/sign-requests/cancel').set('authorization', token);
}

/** A person at the portal, without the pages: the same transitions through the same repository. */
export class TestSigner {
  private readonly sessions: SignSessionRepository;
  private readonly requests: PortalRepository;
  private request: { tenantId: string; id: string } | undefined;
  private sessionHash = randomBytes(32);

  constructor(
    { app }: TestNode,
    private readonly initiated: Initiated,
    private readonly signer: Buffer = randomBytes(32),
  ) {
    this.sessions = app.get(SignSessionRepository);
    this.requests = app.get(PortalRepository);
  }

  private get linkHash(): Buffer {
    return hashSecret(this.initiated.signing_url.split('/').at(-1)!);
  }

  async proceed(lifeSeconds = 300): Promise<void> {
    const { signer, linkHash } = this;
    this.request = await this.requests.byLink(linkHash);
    this.sessionHash = randomBytes(32);
    await this.sessions.identify(
      { tenantId: this.request!.tenantId, linkHash },
      { signer, signerSealed: Buffer.alloc(0) },
      'signer',
    );
    const session = { signer, sessionHash: this.sessionHash, sessionSealed: Buffer.alloc(0), lifeSeconds };
    await this.sessions.proceed(linkHash, session, 'signer');
  }

  async reject(): Promise<void> {
    await this.sessions.reject(this.sessionHash, 'signer');
  }

  /** Whether this has signed it. */
  async approve(): Promise<boolean> {
    const signed = { request: this.request!, document: samplePdf, signedAt: new Date() };
    return (await this.sessions.approve(this.sessionHash, signed, 'signer'))?.moved === true;
  }
}
