import { writePdf } from '../../../test/support/pdf/pdf-file';
import { onePage } from '../../../test/support/pdf/samples';
import { signaturesOf } from '../../../test/support/pdf/signatures';
import { inspect } from '../signable';
import { type Authority, createAuthority, loadAuthority } from './authority';
import { signPdf } from './sign-pdf';

const signedAt = new Date();
const first = { x: 0, y: 0, page: 1 };
const signer = { name: 'Tan Ah Kow', partialId: '567D' };
let authority: Authority;

beforeAll(async () => {
  authority = await loadAuthority(await createAuthority('A test authority', signedAt), signedAt);
});

const sign = (bytes: Buffer, locations = [first]) =>
  signPdf({ bytes, owner: 'any', locations, signer, signedAt, authority });

describe('signing a document', () => {
  it('adds to its bytes and changes none', async () => {
    const bytes = writePdf(onePage);
    const signed = await sign(bytes);
    expect(signed.subarray(0, bytes.length).equals(bytes)).toBe(true);
    expect(inspect(signed, [first])).toEqual({ ok: true, pages: 1 });
  });

  it('covers every byte but the signature itself', async () => {
    const signed = await sign(writePdf(onePage));
    expect(signed.length - signaturesOf(signed)[0]!.content.length).toBe(2 * 16_384 + 2);
  });

  it('says what is wrong with a document or a location', async () => {
    await expect(sign(writePdf(onePage, { trailer: '/Encrypt << >>' }))).rejects.toMatchObject({ fault: 'encrypted' });
    await expect(sign(writePdf(onePage), [first, { ...first, page: 9 }])).rejects.toMatchObject({
      fault: 'page-not-found',
      location: 1,
    });
  });
});
