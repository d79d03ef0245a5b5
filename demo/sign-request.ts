import { randomUUID } from 'node:crypto';
import { onePagePdf } from './one-page-pdf';
import { type Recorder } from './recorder';

/** Sign v3: a document is to be signed, and is called back before it is. */
export async function signRequestSteps(recorder: Recorder): Promise<void> {
  const token = async (what: string, claims: object): Promise<Record<string, string>> => {
    const made = await recorder.call<{ token: string }>({
      what: `sandbox: token to ${what}`,
      method: 'POST',
      path: '/sandbox/sign-token',
      body: { claims },
      aside: true,
      expect: { status: 201 },
    });
    return { authorization: made.token };
  };
  const cancel = async (what: string, requestId: string, status: number, says: string): Promise<void> => {
    await recorder.call({
      what,
      method: 'POST',
      path: '/api/v3/sign-requests/cancel',
      headers: await token('cancel', { request_id: requestId }),
      expect: { status, says },
    });
  };

  const claims = { jti: randomUUID(), doc_name: 'agreement.pdf', sign_locations: [{ x: 0.1, y: 0.1, page: 1 }] };
  const initiated = await recorder.call<{ request_id: string }>({
    what: 'sign request: initiate',
    method: 'POST',
    path: '/api/v3/sign-requests',
    headers: await token('initiate', claims),
    body: onePagePdf(),
    expect: { status: 200, says: 'exchange_code' },
  });
  await cancel('sign request: cancel', initiated.request_id, 200, '{}');
  await cancel('sign request: cancel again', initiated.request_id, 400, 'REQUEST_ALREADY_CANCELLED');
  await cancel('sign request: cancel an unknown one', 'signv3-unknown', 400, 'No record found');
  await recorder.call({
    what: 'sign request: cancel without a token',
    method: 'POST',
    path: '/api/v3/sign-requests/cancel',
    expect: { status: 401, says: 'UNAUTHORIZED' },
  });
}
