import { signRequestLifecycle } from './sign-request.lifecycle';

describe('the life of a sign request', () => {
  it('has these transitions', () => {
    expect(signRequestLifecycle.transitions).toEqual({
      identify: { from: ['pending'], to: 'pending' },
      proceed: { from: ['pending'], to: 'signing' },
      reject: { from: ['signing'], to: 'pending' },
      approve: { from: ['signing'], to: 'signed' },
      cancel: { from: ['pending', 'expired'], to: 'cancelled' },
    });
  });

  it('can be cancelled while it is pending and once it has expired, and at no other time', () => {
    expect(signRequestLifecycle.transitions.cancel.from).toEqual(['pending', 'expired']);
  });

  it('is signed out of an open sign session alone', () => {
    const ways = Object.values(signRequestLifecycle.transitions).filter(({ to }) => to === 'signed');
    expect(ways).toEqual([{ from: ['signing'], to: 'signed' }]);
  });

  it('falls back to pending when a session is silent too long, and expires from there', () => {
    expect(signRequestLifecycle.timeouts).toEqual({
      signing: { to: 'pending', after: 'session_expires_at' },
      pending: { to: 'expired', after: 'expires_at' },
    });
  });

  it('is recalled until it ends: also while a session is open, and not once it has expired', () => {
    expect(signRequestLifecycle.recall).toEqual({ transition: 'cancel', from: ['pending', 'signing'] });
  });
});
