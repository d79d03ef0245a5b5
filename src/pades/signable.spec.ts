import { madeByOthers, readMadeByOthers } from '../../test/support/pdf/made-by-others';
import { formats, updatePdf, writePdf } from '../../test/support/pdf/pdf-file';
import { documentOf, onePage } from '../../test/support/pdf/samples';
import { inspect } from './signable';

const here = { x: 0.1, y: 0.1, page: 1 };

describe('looking at a document before it is signed', () => {
  it.each(formats)('accepts a good one with its cross-reference as %s', (format) => {
    const bytes = writePdf(documentOf([{}, { entries: '/Rotate 90' }, {}]), { format });
    const locations = [here, { x: 0, y: 0, page: 2 }, { x: 0.6, y: 0.9, page: 3 }];
    expect(inspect(bytes, locations)).toEqual({ ok: true, pages: 3 });
    expect(inspect(updatePdf(bytes, { 50: '(more)' }, { format }), locations)).toEqual({ ok: true, pages: 3 });
  });

  it.each(madeByOthers)('accepts %s', (name) => {
    expect(inspect(readMadeByOthers(name), [{ x: 0, y: 0, page: 1 }])).toEqual({ ok: true, pages: expect.any(Number) });
  });

  it('refuses what another program has encrypted', () => {
    expect(inspect(readMadeByOthers('qpdf-encrypted.pdf'), [here])).toMatchObject({ ok: false, fault: 'encrypted' });
  });

  it('says what is wrong with a document', () => {
    expect(inspect(writePdf(onePage, { trailer: '/Encrypt << >>' }), [here])).toEqual({
      ok: false,
      fault: 'encrypted',
      detail: 'The document is encrypted.',
    });
  });

  it('says which location is wrong, and how', () => {
    expect(inspect(writePdf(onePage), [here, { x: 0.9, y: 0, page: 1 }])).toEqual({
      ok: false,
      fault: 'box-leaves-page',
      detail: 'The box at (0.9, 0) leaves the page.',
      location: 1,
    });
    expect(inspect(writePdf(onePage), [here, here, { ...here, page: 2 }])).toEqual({
      ok: false,
      fault: 'page-not-found',
      detail: 'There is no page 2; the document has 1 page.',
      location: 2,
    });
  });

  it.each([
    ['no catalog', { 1: '(text)' }, 'broken-object'],
    ['annotations that are no list', { 10: '<< /Type /Page /MediaBox [0 0 612 792] /Annots 7 >>' }, 'bad-page-tree'],
    ['a page that never ends', { 10: '<< /Type /Page' }, 'broken-object'],
  ])('refuses %s', (_, objects, fault) => {
    expect(inspect(writePdf({ ...onePage, ...objects }), [here])).toMatchObject({ ok: false, fault });
  });
});
