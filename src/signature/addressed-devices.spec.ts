import { cancelRows } from './addressed-devices';

const everywhere = { everyDevice: true, deviceIds: [] };
const fromServer = 'TRANSACTION_DISCARDED_FROM_SERVER';
const fromClient = 'TRANSACTION_DISCARDED_FROM_CLIENT';

describe('cancelRows', () => {
  it('has one row for all where none had fetched it', () => {
    const one = [{ deviceId: '-1', cancelResult: fromServer }];
    expect(cancelRows(everywhere, {})).toEqual(one);
    expect(cancelRows(everywhere, { 1: 'waiting', 2: 'waiting' })).toEqual(one);
  });

  it('has a row for each device as soon as one had', () => {
    expect(cancelRows(everywhere, { 1: 'delivered', 2: 'waiting', 3: 'withdrawn', 4: 'recalled' })).toEqual([
      { deviceId: '1', cancelResult: fromClient },
      { deviceId: '2', cancelResult: fromServer },
    ]);
  });

  it('has a row for each named device that was addressed', () => {
    const named = { everyDevice: false, deviceIds: ['2', '1', '9', 'constructor'] };
    expect(cancelRows(named, { 1: 'withdrawn', 2: 'recalled', 3: 'waiting' })).toEqual([
      { deviceId: '2', cancelResult: fromClient },
      { deviceId: '1', cancelResult: fromServer },
    ]);
  });
});
