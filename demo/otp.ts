import { type Recorder } from './recorder';

interface Created {
  readonly data: { readonly id: string };
}
interface Inbox {
  readonly messages: readonly { readonly otpId: string; readonly code: string }[];
}

/** OTP: a code is sent, and called back before it is used. */
export async function otpSteps(recorder: Recorder): Promise<void> {
  const headers = { 'x-tenant-token': 'demo-tenant-token' };
  const scope = 'reset_password';
  const recipient = 'alice@example.com';
  const post = <Body>(what: string, path: string, body: object, status: number, says: string) =>
    recorder.call<Body>({ what: `otp: ${what}`, method: 'POST', path, headers, body, expect: { status, says } });
  const make = async (): Promise<{ id: string; code: string }> => {
    const { data } = await post<Created>(
      'create',
      '/otp/create',
      { scope, method: 'email', recipient },
      201,
      'expiresAt',
    );
    const inbox = await recorder.call<Inbox>({
      what: 'sandbox: inbox',
      method: 'GET',
      path: `/sandbox/inbox?recipient=${encodeURIComponent(recipient)}`,
      aside: true,
      expect: { status: 200, says: data.id },
    });
    return { id: data.id, code: inbox.messages.find(({ otpId }) => otpId === data.id)?.code ?? '' };
  };

  const { id, code } = await make();
  await post('cancel', '/otp/cancel', { id, scope }, 201, '"success":true');
  await post('cancel again', '/otp/cancel', { id, scope }, 201, '"success":true');
  await post('verify the cancelled one', '/otp/verify', { id, scope, code }, 422, 'OTP_CANCELLED');
  const used = await make();
  await post('verify', '/otp/verify', { scope, ...used }, 201, '"success":true');
  await post('cancel the verified one', '/otp/cancel', { id: used.id, scope }, 422, 'OTP_NOT_CANCELABLE');
  await post('cancel with another scope', '/otp/cancel', { id, scope: 'otp_signin' }, 404, 'OTP_NOT_FOUND');
  await post('cancel what is no OTP', '/otp/cancel', { scope: 'other' }, 400, '"id":"Required"');
}
