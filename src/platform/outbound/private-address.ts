import ipaddr from 'ipaddr.js';

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
