import { validateHeaderName, validateHeaderValue } from 'node:http';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

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

const globalUnicastIPv6 = ipaddr.IPv6.parseCIDR('2000::/3');

/** The one metadata service of a large cloud (Azure's WireServer) that sits on an ordinary public address. */
const publicMetadataAddresses = new Set(['168.63.129.16']);

/**
 * Whether an IP address is anything but a host on the public internet: loopback, private, link-local, carrier-grade NAT,
 * multicast, reserved, unspecified, a cloud's metadata service, or not an address at all.
 *
 * IPv4-mapped IPv6 is judged by the IPv4 address inside. Whatever else wraps one (NAT64, 6to4, Teredo, IPv4-compatible) counts as
 * private whole, since where it leads is decided by a gateway of the network we run in.
 */
export function isPrivateAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return true;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast') return true;
  // ipaddr.js calls every IPv6 range without a name of its own unicast; only one eighth of the space is handed out.
  if (parsed instanceof ipaddr.IPv6) return !parsed.match(globalUnicastIPv6);
  return publicMetadataAddresses.has(parsed.toString());
}

/** What every failed call to another server is. Messages name the host and never the path, which may hold a secret. */
export abstract class OutboundError extends Error {
  override get name(): string {
    return this.constructor.name;
  }
}

/** The call was not made, and trying again would not change that: its URL, address or headers are not allowed. */
export class OutboundRefused extends OutboundError {}

/** The exchange was not over by its deadline. The other server may have acted on the request all the same. */
export class OutboundTimeout extends OutboundError {
  constructor(host: string, timeoutSeconds: number) {
    super(`${host} did not answer in full within ${timeoutSeconds} s`);
  }
}

/** The answer's body is longer than the caller allowed; the rest of it was not read. */
export class OutboundTooLarge extends OutboundError {
  constructor(host: string, maxResponseBytes: number) {
    super(`${host} answered with more than ${maxResponseBytes} bytes`);
  }
}

/** The network, DNS, TLS or HTTP itself failed (`cause` says how). The other server may have acted on the request all the same. */
export class OutboundFailed extends OutboundError {
  constructor(host: string, cause: Error & { code?: string }) {
    // A failed connection to several addresses is an AggregateError, whose message is empty.
    super(`${host} could not be reached: ${cause.message || (cause.code ?? cause.name)}`, { cause });
  }
}
