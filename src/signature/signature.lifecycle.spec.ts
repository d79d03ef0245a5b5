import { signatureLifecycle } from './signature.lifecycle';

/** Written anew, so that a change of the table is a change of this too. */
describe('the life of a transaction', () => {
  it('has these transitions', () => {
    expect(signatureLifecycle.transitions).toEqual({
      deliver: { from: ['waiting', 'delivered'], to: 'delivered' },
      confirm: { from: ['delivered'], to: 'confirmed' },
      reject: { from: ['delivered'], to: 'rejected' },
      withdraw: { from: ['waiting'], to: 'waiting' },
      recall: { from: ['delivered'], to: 'delivered' },
      cancel: { from: ['waiting', 'delivered'], to: 'cancelled' },
    });
  });

  it('expires before a device has fetched it, and after', () => {
    expect(signatureLifecycle.timeouts).toEqual({
      waiting: { to: 'expired', after: 'expires_at' },
      delivered: { to: 'expired', after: 'expires_at' },
    });
  });

  it('begins waiting, and has these ends', () => {
    expect(signatureLifecycle).toMatchObject({
      initial: 'waiting',
      states: ['waiting', 'delivered', 'confirmed', 'rejected', 'expired', 'cancelled'],
      terminal: ['confirmed', 'rejected', 'expired', 'cancelled'],
    });
  });

  it('is recalled until it ends: before a device has fetched it, and after', () => {
    expect(signatureLifecycle.recall).toEqual({ transition: 'cancel', from: ['waiting', 'delivered'] });
  });
});
