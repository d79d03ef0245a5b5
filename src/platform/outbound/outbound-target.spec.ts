import { checkTargetHeaders, checkTargetUrl, isPrivateAddress, OutboundRefused } from './outbound-target';

const publicOnly = { allowPrivateTargets: false };
const anywhere = { allowPrivateTargets: true };

describe('checkTargetUrl', () => {
  it.each([
    'https://rp.example.org/jwks',
    'http://rp.example.org:8080/?a=b',
    'https://1.1.1.1/',
    'https://[2606:4700::1111]/',
  ])('lets %s pass', (url) => {
    expect(checkTargetUrl(url, publicOnly).href).toBe(new URL(url).href);
  });

  it.each(['', 'rp.example.org', '/jwks', 'http://', 'http://[::1', 'http://256.1.1.1/'])(
    'refuses %p as no URL',
    (url) => {
      expect(() => checkTargetUrl(url, anywhere)).toThrow(new OutboundRefused('not an absolute URL'));
    },
  );

  it.each(['ftp://rp.example.org/', 'file:///etc/passwd', 'data:,x', 'javascript:0', 'gopher://rp.example.org'])(
    'refuses the scheme of %s',
    (url) => {
      expect(() => checkTargetUrl(url, anywhere)).toThrow(
        new OutboundRefused('only http and https URLs can be called'),
      );
    },
  );

  it.each(['https://user@rp.example.org/', 'https://:secret@rp.example.org/', 'http://1.1.1.1@127.0.0.1/'])(
    'refuses the credentials in %s',
    (url) => {
      expect(() => checkTargetUrl(url, anywhere)).toThrow(OutboundRefused);
    },
  );

  it.each([
    'http://localhost/',
    'http://LOCALHOST./',
    'http://db.localhost/',
    'http://127.0.0.1/',
    'http://127.0.0.1./',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0177.0.0.1/',
    'http://①②⑦.0.0.1/',
    'http://0/',
    'http://169.254.169.254/latest/meta-data/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[64:ff9b::10.0.0.1]/',
  ])('refuses the private host of %s unless private targets are allowed', (url) => {
    expect(() => checkTargetUrl(url, publicOnly)).toThrow(OutboundRefused);
    expect(checkTargetUrl(url, anywhere)).toBeInstanceOf(URL);
  });
});

describe('checkTargetHeaders', () => {
  it('lets ordinary headers pass', () => {
    expect(() => {
      checkTargetHeaders({ authorization: 'Bearer x', 'X-Trace': 'ünïcode in latin-1' });
    }).not.toThrow();
  });

  it.each([
    ['Host', 'internal.example.org'],
    ['Content-Length', '0'],
    ['transfer-encoding', 'chunked'],
    ['Connection', 'upgrade'],
    ['two words', 'x'],
    ['', 'x'],
    ['x-split', 'a\r\nhost: b'],
  ])('refuses %p', (name, value) => {
    expect(() => {
      checkTargetHeaders({ [name]: value });
    }).toThrow(OutboundRefused);
  });
});

describe('isPrivateAddress', () => {
  it.each(['1.1.1.1', '93.184.215.14', '172.32.0.1', '2606:4700::1111', '2a00:1450:4001::200e', '::ffff:8.8.8.8'])(
    'lets %s pass',
    (address) => {
      expect(isPrivateAddress(address)).toBe(false);
    },
  );

  it.each([
    ['unspecified', '0.0.0.0'],
    ['this network', '0.1.2.3'],
    ['loopback', '127.0.0.1'],
    ['loopback', '127.255.255.254'],
    ['private', '10.0.0.1'],
    ['private', '172.16.0.1'],
    ['private', '192.168.1.1'],
    ['carrier-grade NAT', '100.64.0.1'],
    ['metadata in carrier-grade NAT', '100.100.100.200'],
    ['link-local metadata', '169.254.169.254'],
    ['metadata on a public address', '168.63.129.16'],
    ['metadata in a reserved range', '192.0.0.192'],
    ['documentation', '203.0.113.7'],
    ['benchmarking', '198.18.0.1'],
    ['multicast', '224.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['unspecified IPv6', '::'],
    ['loopback IPv6', '::1'],
    ['link-local IPv6', 'fe80::1'],
    ['link-local IPv6 with a zone', 'fe80::1%eth0'],
    ['unique local IPv6', 'fd00:ec2::254'],
    ['site-local IPv6', 'fec0::1'],
    ['multicast IPv6', 'ff02::1'],
    ['IPv4-mapped loopback', '::ffff:127.0.0.1'],
    ['IPv4-mapped metadata, in hex', '::ffff:a9fe:a9fe'],
    ['IPv4-compatible loopback', '::7f00:1'],
    ['IPv4-translated loopback', '::ffff:0:7f00:1'],
    ['NAT64 of loopback', '64:ff9b::7f00:1'],
    ['local-use NAT64', '64:ff9b:1::a00:1'],
    ['6to4 of a private address', '2002:a00:1::1'],
    ['Teredo', '2001:0:4136:e378::1'],
    ['documentation IPv6', '2001:db8::1'],
    ['outside global unicast', '4000::1'],
    ['no address', 'example.org'],
    ['nothing', ''],
  ])('is true of %s: %s', (_, address) => {
    expect(isPrivateAddress(address)).toBe(true);
  });
});
