import { validateHeaderName, validateHeaderValue } from 'node:http';
import { isIP } from 'node:net';
import { OutboundRefused } from './outbound.errors';
import { isPrivateAddress } from './private-address';

/** Where this server may send requests. */
export interface OutboundPolicy {
  /** Also to addresses that are not on the public internet; for development and for closed networks. */
  readonly allowPrivateTargets: boolean;
  /** Not over plain http. */
  readonly httpsOnly?: boolean;
}

/** Headers that frame a request or steer its connection: a caller who could set them could smuggle a second request. */
const clientOwnedHeaders = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * Judges a URL without touching the network, so that a bad one is refused when it is registered. Passing says nothing about the
 * addresses that a name resolves to: those are judged on each connection.
 *
 * @throws OutboundRefused when it is no absolute http or https URL, carries credentials, or names a private host literally.
 */
export function checkTargetUrl(url: string, policy: OutboundPolicy): URL {
  if (!URL.canParse(url)) throw new OutboundRefused('not an absolute URL');
  const target = new URL(url);
  if (target.protocol !== 'http:' && target.protocol !== 'https:') {
    throw new OutboundRefused('only http and https URLs can be called');
  }
  if (policy.httpsOnly === true && target.protocol === 'http:')
    throw new OutboundRefused('only https URLs can be called');
  if (target.username !== '' || target.password !== '') {
    throw new OutboundRefused('a URL must not carry a user name or password');
  }
  if (!policy.allowPrivateTargets && isPrivateHost(target.hostname)) {
    throw new OutboundRefused(`${target.hostname} is not a host on the public internet`);
  }
  return target;
}

/** @throws OutboundRefused when a header is malformed, or one that the client must set itself. */
export function checkTargetHeaders(headers: Record<string, string>): void {
  for (const [name, value] of Object.entries(headers)) {
    if (clientOwnedHeaders.has(name.toLowerCase())) throw new OutboundRefused(`the header ${name} cannot be set`);
    try {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    } catch (cause) {
      throw new OutboundRefused('a header has a malformed name or value', { cause });
    }
  }
}

/** Takes the host as URL spells it, which has already turned every odd spelling of an IPv4 address into the dotted one. */
function isPrivateHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (isIP(host) !== 0) return isPrivateAddress(host);
  return host === 'localhost' || host.endsWith('.localhost');
}
