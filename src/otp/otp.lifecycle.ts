import { isIn, lifecycle, type TransitionOf, type StateOf } from '../approvals/lifecycle';

/** A one-time password's life. Source: Cancel (OTP), "Description". */
export const otpLifecycle = lifecycle({
  approval: 'otp',
  initial: 'pending',
  states: ['pending', 'verified', 'consumed', 'failed', 'expired', 'cancelled'],
  terminal: ['consumed', 'failed', 'expired', 'cancelled'],
  transitions: {
    verify: { from: ['pending'], to: 'verified' },
    /** A wrong guess that leaves attempts … */
    miss: { from: ['pending'], to: 'pending' },
    /** … and one that leaves none. */
    exhaust: { from: ['pending'], to: 'failed' },
    resend: { from: ['pending'], to: 'pending' },
    cancel: { from: ['pending'], to: 'cancelled' },
    consume: { from: ['verified'], to: 'consumed' },
  },
  timeouts: { pending: 'expired' },
  recall: { transition: 'cancel', from: ['pending', 'verified'] },
});

/** SQL: whether the state in a column `status` is pending. */
export const isPendingOtp = isIn(otpLifecycle, ['pending']);

export type OtpState = StateOf<typeof otpLifecycle>;
export type OtpTransition = TransitionOf<typeof otpLifecycle>;
