import { otpLifecycle } from './otp.lifecycle';

/** Written anew, so that a change of the table is a change of this too. Source: Cancel (OTP), "Description". */
describe('the life of a one-time password', () => {
  it('has these transitions', () => {
    expect(otpLifecycle.transitions).toEqual({
      verify: { from: ['pending'], to: 'verified' },
      miss: { from: ['pending'], to: 'pending' },
      exhaust: { from: ['pending'], to: 'failed' },
      resend: { from: ['pending'], to: 'pending' },
      cancel: { from: ['pending'], to: 'cancelled' },
      consume: { from: ['verified'], to: 'consumed' },
    });
  });

  it('expires while it is pending, and never once it is verified', () => {
    expect(otpLifecycle.timeouts).toEqual({ pending: { to: 'expired', after: 'expires_at' } });
  });

  it('begins pending, and has these ends', () => {
    expect(otpLifecycle).toMatchObject({
      initial: 'pending',
      states: ['pending', 'verified', 'consumed', 'failed', 'expired', 'cancelled'],
      terminal: ['consumed', 'failed', 'expired', 'cancelled'],
    });
  });

  it('is recalled until it ends: also once it is verified', () => {
    expect(otpLifecycle.recall).toEqual({ transition: 'cancel', from: ['pending', 'verified'] });
  });
});
