import { lifecycle, type StateOf } from '../approvals/lifecycle';

/** A sign request's life. Source: Cancel Sign Request, "Response"; docs/adr/0011. */
export const signRequestLifecycle = lifecycle({
  approval: 'sign_request',
  initial: 'pending',
  /** `signing`: a sign session is open, and a cancel is refused. */
  states: ['pending', 'signing', 'signed', 'expired', 'cancelled'],
  terminal: ['signed', 'cancelled'],
  transitions: {
    /** The first person to be identified has the request to themselves. */
    identify: { from: ['pending'], to: 'pending' },
    proceed: { from: ['pending'], to: 'signing' },
    reject: { from: ['signing'], to: 'pending' },
    approve: { from: ['signing'], to: 'signed' },
    cancel: { from: ['pending', 'expired'], to: 'cancelled' },
  },
  timeouts: { pending: 'expired', signing: { to: 'pending', after: 'session_expires_at' } },
  recall: { transition: 'cancel', from: ['pending', 'signing'] },
});

export type SignRequestState = StateOf<typeof signRequestLifecycle>;
