import { type Request } from 'express';
import ipaddr from 'ipaddr.js';

/** Whether a host name or IP address means this machine only. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '');
  return bare.toLowerCase() === 'localhost' || (ipaddr.isValid(bare) && ipaddr.process(bare).range() === 'loopback');
}

/** Whether a request comes from this machine: not where a proxy that is not trusted says whom it speaks for. */
export function isFromThisMachine({ app, headers, ip = '' }: Request): boolean {
  const proxied = headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined;
  const believed = Boolean(app.get('trust proxy'));
  return isLoopback(ip) && (believed || !proxied);
}
