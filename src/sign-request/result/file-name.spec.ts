import { signedFileName } from './file-name';

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
