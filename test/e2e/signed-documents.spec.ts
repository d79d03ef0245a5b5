import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { madeByOthers } from '../support/pdf/made-by-others';
import { formNames, formOf } from '../support/pdf/forms';
import { manyKinds } from '../support/pdf/many-kinds';
import { writePdf } from '../support/pdf/pdf-file';
import { documentOf, onePage } from '../support/pdf/samples';
import { signaturesOf } from '../support/pdf/signatures';
import { TimestampServer } from '../support/pdf/timestamp-server';
import { describeWith, run } from '../support/programs';
import { type Authority, type AuthorityPem, createAuthority, loadAuthority } from '../../src/pades/signing/authority';
import { signPdf } from '../../src/pades/signing/sign-pdf';

const folder = mkdtempSync(join(tmpdir(), 'sign-pdf-'));
const signedAt = new Date();
const first = { x: 0, y: 0, page: 1 };
const signer = { name: 'Tan Ah Kow', partialId: '567D' };
let pem: AuthorityPem;
let authority: Authority;

beforeAll(async () => {
  pem = await createAuthority('A test authority', signedAt);
  authority = await loadAuthority(pem, signedAt);
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const sign = (bytes: Buffer, locations = [first], name = signer.name) =>
  signPdf({ bytes, owner: 'any', locations, signer: { ...signer, name }, signedAt, authority });

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name.replace(/\W/g, '-'));
  writeFileSync(path, content);
  return path;
}

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Buffer;
}

/** One point is one pixel at 72 dpi. */
function readPgm(path: string): Picture {
  const bytes = readFileSync(path);
  const [head = '', width, height] = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(bytes.toString('latin1', 0, 40)) ?? [];
  return { width: Number(width), height: Number(height), pixels: bytes.subarray(head.length) };
}

/** How many pixels of the box at this location are not white. */
function inkIn({ width, height, pixels }: Picture, x: number, y: number): number {
  let ink = 0;
  for (let row = 0; row < 60; row += 1)
    for (let column = 0; column < 220; column += 1) {
      const line = height - 1 - Math.round(y * height) - row;
      if ((pixels[line * width + Math.round(x * width) + column] ?? 255) < 200) ink += 1;
    }
  return ink;
}

describeWith(['pdfsig', 'pdftotext', 'pdftoppm', 'qpdf', 'openssl'], 'A signed document, to other programs', () => {
  const validSignatures = (path: string) =>
    run('pdfsig', ['-nocert', path]).output.match(/Signature is Valid/g)?.length ?? 0;

  it('is tried on at least 20 kinds of document by 10 other programs', () => {
    expect(manyKinds.length).toBeGreaterThanOrEqual(20);
    expect(madeByOthers.length).toBeGreaterThanOrEqual(10);
  });

  it.each(manyKinds)('is valid after three signers in turn: %s', async (name, make) => {
    const original = make();
    const before = { path: file(`${name}-before`, original), count: signaturesOf(original).length };
    let bytes = original;
    for (const nth of ['one', 'two', 'three'])
      bytes = await sign(bytes, [first, { ...first, y: 0.5 }], `Signer ${nth}`);
    const after = file(name, bytes);

    const { output } = run('pdfsig', ['-nocert', after]);
    expect(output.match(/^Signature #/gm)).toHaveLength(before.count + 3);
    expect(output.match(/Signature is Valid/g)).toHaveLength(before.count + 3);
    expect(output.match(/Total document signed/g)).toHaveLength(1);
    expect(output).toContain('Signer Certificate Common Name: Signer three');

    expect(run('qpdf', ['--check', after]).status).toBeLessThanOrEqual(
      run('qpdf', ['--check', before.path]).status ?? 0,
    );
  });

  describe.each(formNames)('in a form of %s', (name) => {
    const places = [
      { x: 0.1, y: 0.1, page: 1 },
      { x: 0.5, y: 0.5, page: 1 },
    ];

    it.each([false, true])('shows a box at each location, with NeedAppearances %s', async (needsAppearances) => {
      const signed = file(`${name}-${needsAppearances}`, await sign(formOf(name, needsAppearances), places));
      expect(validSignatures(signed)).toBe(1);
      run('pdftoppm', ['-r', '72', '-gray', '-singlefile', signed, `${signed}-shown`]);
      const shown = readPgm(`${signed}-shown.pgm`);
      for (const { x, y } of places) expect(inkIn(shown, x, y)).toBeGreaterThan(300);
      expect(inkIn(shown, 0.1, 0.8)).toBe(0);
    });
  });

  it('passes the test of CAdES, up to the authority', async () => {
    const root = file('authority.pem', pem.certificate);
    for (const { cms, content } of signaturesOf(await sign(await sign(writePdf(onePage))))) {
      const parameters = [
        '-cades',
        '-binary',
        '-inform',
        'DER',
        '-purpose',
        'any',
        '-CAfile',
        root,
        '-out',
        '/dev/null',
      ];
      const verified = run('openssl', [
        'cms',
        '-verify',
        ...parameters,
        '-in',
        file('cms', cms),
        '-content',
        file('content', content),
      ]);
      expect(verified).toEqual({ status: 0, output: expect.stringContaining('Verification successful') });
    }
  });

  it('is noticed when a byte has changed', async () => {
    const signed = await sign(writePdf(onePage));
    signed[100]! ^= 1;
    expect(validSignatures(file('changed', signed))).toBe(0);
  });

  it('carries a time-stamp where an authority gives one', async () => {
    const server = new TimestampServer(folder);
    const bytes = await signPdf({
      bytes: writePdf(onePage),
      owner: 'any',
      locations: [first],
      signer,
      signedAt,
      authority,
      timestamp: (request) => Promise.resolve(server.answer(request)),
    });
    const { cms } = signaturesOf(bytes)[0]!;
    const printed = run('openssl', ['cms', '-cmsout', '-print', '-inform', 'DER', '-in', file('stamped', cms)]);
    expect(printed.output).toContain('id-smime-aa-timeStampToken');
    expect(validSignatures(file('stamped.pdf', bytes))).toBe(1);
  });

  it.each([
    ['Tan Ah Kow', 'Tan Ah Kow'],
    ['Nguyễn Thị Ánh “Annie” (née Ōta)', 'Nguyen Thi Ánh “Annie” (née Ota)'],
    ['陈大文 Tan Tai Boon', '… Tan Tai Boon'],
    ['தமிழ்', 'Holder of …567D'],
    ['a \\ backslash, ) and (', 'a \\ backslash, ) and ('],
  ])('shows %s in each box as %s', async (name, shown) => {
    const pages = [{}, { entries: '/Rotate 90' }];
    const signed = await sign(writePdf(documentOf(pages)), [first, { ...first, y: 0.5 }, { ...first, page: 2 }], name);
    const { output } = run('pdftotext', ['-layout', file('shown', signed), '-']);
    const time = `${signedAt.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
    expect(output.split(shown)).toHaveLength(4);
    expect(output.split(time)).toHaveLength(4);
  });
});
