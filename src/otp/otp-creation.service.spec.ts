import { Failed } from '../platform/envelope/failure';
import { normaliseRecipient } from './otp-creation.service';
import { type OtpMethod } from './otp.entity';

describe('normaliseRecipient', () => {
  const good: [OtpMethod, string, string][] = [
    ['email', 'alice@example.com', 'alice@example.com'],
    ['email', ' Alice+Tag@EXAMPLE.com\n', 'alice+tag@example.com'],
    ['sms', '+6591234567', '+6591234567'],
    ['sms', '+65 (9123) 45-67', '+6591234567'],
    ['sms', '+44 20 7946 0958', '+442079460958'],
  ];
  it.each(good)('takes %s %j for %s', (method, recipient, normal) => {
    expect(normaliseRecipient(method, recipient)).toBe(normal);
  });

  const bad: [OtpMethod, string][] = [
    ['email', 'alice'],
    ['email', 'alice@'],
    ['email', 'alice@example'],
    ['email', 'alice@example.com,bob@example.com'],
    ['email', 'alice@example.com\r\nBcc: bob@example.com'],
    ['email', 'Alice <alice@example.com>'],
    ['email', '+6591234567'],
    ['sms', 'alice@example.com'],
    ['sms', '91234567'],
    ['sms', '+651'],
    ['sms', '+6591234567;ext=1;+6581234567'],
    ['sms', '+6591234567;ext=5'],
    ['sms', '+1 213 373 4253 ext. 9'],
    ['sms', 'call +6591234567 now'],
    ['sms', '+19002345678'],
  ];
  it.each(bad)('refuses %s %j', (method, recipient) => {
    expect(() => normaliseRecipient(method, recipient)).toThrow(Failed);
  });
});
