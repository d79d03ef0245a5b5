import { type Finished } from './result.repository';
import { resultOf } from './result.service';

const finished: Finished = {
  id: 'demo',
  userId: 'alice',
  state: 'confirmed',
  devices: { 7: 'delivered', 8: 'waiting' },
  deliveredAt: new Date(0),
  decidedBy: '7',
  signature: 'a.b.c',
};

describe('resultOf', () => {
  it('is not there while the transaction is open', () => {
    for (const state of ['waiting', 'delivered'] as const) expect(resultOf({ ...finished, state })).toBeUndefined();
  });

  it('has the signature and the device that gave it', () => {
    expect(resultOf(finished)).toEqual({
      deviceId: '7',
      userId: 'alice',
      transactionId: 'demo',
      signatureResult: 'CONFIRMED',
      signature: 'a.b.c',
    });
  });

  const undecided = { ...finished, decidedBy: null, signature: null };
  it.each([
    ['REJECTED', { ...undecided, state: 'rejected', decidedBy: '7' }, '7'],
    ['EXPIRED', { ...undecided, state: 'expired' }, '-1'],
    ['DEVICE_OFFLINE', { ...undecided, state: 'expired', deliveredAt: null, devices: {} }, '-1'],
    ['CANCELLED', { ...undecided, state: 'cancelled', devices: { 9: 'waiting' } }, '9'],
  ] as const)('says %s', (signatureResult, ended, deviceId) => {
    expect(resultOf(ended)).toEqual({ deviceId, userId: 'alice', transactionId: 'demo', signatureResult });
  });
});
