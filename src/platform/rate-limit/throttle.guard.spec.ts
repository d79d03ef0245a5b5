import { type Response } from 'express';
import { type CountedQuota } from './rate-limits';
import { announceQuota } from './throttle.guard';

/** As much of a response as headers need. */
class Headers {
  readonly locals = {};
  readonly sent: Record<string, string> = {};

  set(headers: Record<string, string> | string, value = ''): void {
    Object.assign(this.sent, typeof headers === 'string' ? { [headers]: value } : headers);
  }
}

describe('announceQuota', () => {
  const address: CountedQuota = {
    policy: 'address',
    limit: 30,
    windowSeconds: 3600,
    remaining: 7,
    resetSeconds: 1800,
    exceeded: false,
  };
  const recipient = { ...address, policy: 'recipient', limit: 10, remaining: 0, resetSeconds: 300, exceeded: true };
  const announce = (...quotas: CountedQuota[]): Record<string, string> => {
    const response = new Headers();
    for (const quota of quotas) announceQuota(response as unknown as Response, quota);
    return response.sent;
  };

  it('says how much is left, and until when', () => {
    expect(announce(address)).toEqual({
      'X-RateLimit-Limit': '30',
      'X-RateLimit-Remaining': '7',
      'X-RateLimit-Reset': '1800',
      'RateLimit-Policy': '"address";q=30;w=3600',
      RateLimit: '"address";r=7;t=1800',
    });
  });

  it('names the scarcest quota, and all of them in the fields of the IETF', () => {
    expect(announce(address, recipient)).toEqual({
      'X-RateLimit-Limit': '10',
      'X-RateLimit-Remaining': '0',
      'X-RateLimit-Reset': '300',
      'RateLimit-Policy': '"address";q=30;w=3600, "recipient";q=10;w=3600',
      RateLimit: '"address";r=7;t=1800, "recipient";r=0;t=300',
      'Retry-After': '300',
    });
  });

  it('says to wait until no quota refuses the call', () => {
    expect(announce({ ...address, remaining: 0 }, recipient)).toMatchObject({ 'Retry-After': '1800' });
  });
});
