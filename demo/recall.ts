import { createHash, randomUUID } from 'node:crypto';
import { onePagePdf } from './one-page-pdf';
import { type Recorder } from './recorder';

const tenant = { 'x-tenant-token': 'demo-tenant-token' };

/** How the sandbox has Alice registered: by any of these all that is hers is found. */
const alice = { userId: 'alice', telephone: '+6591234567', signer: 'S1111111A' };

/** Recall: three approvals of one person, each of another kind, and one call that ends them. */
export async function recallSteps(recorder: Recorder): Promise<void> {
  const [signRequest, signature, otp] = [await initiate(recorder), await start(recorder), await create(recorder)];

  await recorder.call({
    what: 'recall: all that is pending of Alice',
    method: 'POST',
    path: '/recalls',
    headers: tenant,
    body: { target: { person: { userId: alice.userId } }, reason: 'She did not ask for this.' },
    expect: { status: 200, says: otp },
  });

  await recorder.call({
    what: 'recall: sign request, cancel',
    method: 'POST',
    path: '/api/v3/sign-requests/cancel',
    headers: await signToken(recorder, { request_id: signRequest }),
    expect: { status: 400, says: 'REQUEST_ALREADY_CANCELLED' },
  });
  await recorder.call({
    what: 'recall: signature, cancel',
    method: 'DELETE',
    path: `/digitanium/v4/users/signature/${alice.userId}`,
    headers: signature.headers,
    body: { deviceId: ['-1'], transactionId: signature.id },
    expect: { status: 409, says: 'Transaction already cancelled' },
  });
  await recorder.call({
    what: 'recall: otp, status',
    method: 'GET',
    path: `/otp/${otp}?scope=otp_signin`,
    headers: tenant,
    expect: { status: 201, says: '"status":"cancelled"' },
  });
}

async function signToken(recorder: Recorder, claims: object): Promise<Record<string, string>> {
  const { token } = await recorder.call<{ token: string }>({
    what: 'sandbox: token of the relying party',
    method: 'POST',
    path: '/sandbox/sign-token',
    body: { claims },
    aside: true,
    expect: { status: 201 },
  });
  return { authorization: token };
}

async function initiate(recorder: Recorder): Promise<string> {
  const claims = {
    jti: randomUUID(),
    doc_name: 'agreement.pdf',
    sign_locations: [{ x: 0.1, y: 0.1, page: 1 }],
    signer_uin_hash: createHash('sha256').update(alice.signer).digest('hex'),
  };
  const initiated = await recorder.call<{ request_id: string }>({
    what: 'recall: a sign request for Alice',
    method: 'POST',
    path: '/api/v3/sign-requests',
    headers: await signToken(recorder, claims),
    body: onePagePdf(),
    expect: { status: 200, says: 'exchange_code' },
  });
  return initiated.request_id;
}

async function start(recorder: Recorder): Promise<{ id: string; headers: Record<string, string> }> {
  const { access_token: token } = await recorder.call<{ access_token: string }>({
    what: 'recall: access token',
    method: 'POST',
    path: '/auth/realms/demo/protocol/openid-connect/token',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: 'demo-client',
      client_secret: 'demo-secret',
    }),
    aside: true,
    expect: { status: 200, says: 'access_token' },
  });
  const headers = { authorization: `Bearer ${token}` };
  const transactionId = randomUUID();
  await recorder.call({
    what: 'recall: a signature of Alice',
    method: 'POST',
    path: `/digitanium/v4/users/${alice.userId}/signature`,
    headers,
    body: {
      transactionId,
      deviceGoOnlineTimeout: '600',
      signatureTimeout: '600',
      signatureMessage: 'Transfer 100 euros to Bob',
      callbackUrl: 'https://callback.invalid/result',
    },
    expect: { status: 200, says: 'Transaction started successfully' },
  });
  return { id: transactionId, headers };
}

async function create(recorder: Recorder): Promise<string> {
  const { data } = await recorder.call<{ data: { id: string } }>({
    what: 'recall: an OTP to Alice’s telephone',
    method: 'POST',
    path: '/otp/create',
    headers: tenant,
    body: { scope: 'otp_signin', method: 'sms', recipient: alice.telephone },
    expect: { status: 201, says: 'expiresAt' },
  });
  return data.id;
}
