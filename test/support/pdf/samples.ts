import { stream, type Objects } from './pdf-file';

export interface PageOptions {
  readonly mediaBox?: string;
  /** More entries for the page, such as `/Rotate 90`. */
  readonly entries?: string;
}

export const letter = '[0 0 612 792]';

/** Number of the object of the `index`th page in {@link documentOf}. */
export function pageObject(index: number): number {
  return 10 + 2 * index;
}

/** A document of these pages: catalog 1, page tree 2, font 3, pages from 10 on, each followed by its content. */
export function documentOf(pages: readonly PageOptions[], catalogEntries = ''): Objects {
  const objects: Objects = {
    1: `<< /Type /Catalog /Pages 2 0 R ${catalogEntries} >>`,
    2: `<< /Type /Pages /Count ${pages.length} /Kids [${pages.map((_, index) => `${pageObject(index)} 0 R`).join(' ')}] >>`,
    3: '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  };
  pages.forEach(({ mediaBox = letter, entries = '' }, index) => {
    const number = pageObject(index);
    objects[number] =
      `<< /Type /Page /Parent 2 0 R /MediaBox ${mediaBox} /Contents ${number + 1} 0 R ` +
      `/Resources << /Font << /F 3 0 R >> >> ${entries} >>`;
    objects[number + 1] = stream('', `BT /F 24 Tf 72 400 Td (Page ${index + 1}) Tj ET`);
  });
  return objects;
}

export const onePage: Objects = documentOf([{}]);
