import { checkTargetHeaders, checkTargetUrl } from './outbound-target';
import { OutboundRefused } from './outbound.errors';

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
