import { Vault } from '../../platform/secrets/vault';
import { readSettings } from '../../platform/settings/settings';
import { DownloadLinks, signedFileName } from './download-links';

describe('links to signed documents', () => {
  const settings = readSettings({ PUBLIC_URL: 'https://sign.example' });
  const links = new DownloadLinks(settings, new Vault(Buffer.alloc(32, 1)));
  const key = { tenantId: 'demo', id: 'signv3-1' };
  const capabilityIn = (url: string) => url.replace('https://sign.example/api/v3/signed-documents/', '');
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('open for two minutes, and no longer', () => {
    const madeAt = 1_700_000_000_000;
    const clock = jest.spyOn(Date, 'now').mockReturnValue(madeAt);
    const { url, expiresAtSeconds } = links.make(key);
    expect(expiresAtSeconds).toBe(madeAt / 1000 + 120);
    clock.mockReturnValue(madeAt + 119_999);
    expect(links.open(capabilityIn(url))).toEqual(key);
    clock.mockReturnValue(madeAt + 120_000);
    expect(links.open(capabilityIn(url))).toBeUndefined();
  });

  it('are new each time, say nothing, and open with our key only', () => {
    const [one, other] = [links.make(key), links.make(key)].map(({ url }) => capabilityIn(url));
    expect(one).not.toBe(other);
    expect(Buffer.from(one!, 'base64url').toString('latin1')).not.toContain('signv3');
    const elsewhere = new DownloadLinks(settings, new Vault(Buffer.alloc(32, 2)));
    expect(elsewhere.open(one!)).toBeUndefined();
  });

  it.each(['', 'nonsense', 'A'.repeat(200)])('are refused when they are %j', (capability) => {
    expect(links.open(capability)).toBeUndefined();
  });
});

describe('the name of a signed document', () => {
  it.each([
    ['Lease.pdf', 'Lease-signed.pdf'],
    ['Vertrag für Zoë.PDF', 'Vertrag für Zoë-signed.pdf'],
    ['../../etc/passwd', '_.._etc_passwd-signed.pdf'],
    ['a\\b:c*d?"e"<f>|g', 'a_b_c_d_e_f_g-signed.pdf'],
    ['\u202Efdp.exe', '_fdp.exe-signed.pdf'],
    ['...', 'document-signed.pdf'],
    ['.pdf', 'document-signed.pdf'],
  ])('%j becomes %j', (docName, expected) => {
    expect(signedFileName(docName)).toBe(expected);
  });
});
