import { PdfFault } from '../fault';
import { limits, tooComplex } from '../reader/budget';
import type { PdfDocument } from '../reader/document';
import { isName, PdfArray, type PdfDictionary, PdfReference, type PdfValue } from '../reader/values';

/** The attributes a page may take from the nodes above it; ISO 32000-2, table 31. */
const inheritable = ['MediaBox', 'CropBox', 'Rotate'] as const;

type Inheritable = Readonly<Record<(typeof inheritable)[number], PdfValue>>;

export interface Page {
  readonly reference: PdfReference;
  /** What holds for the page, its own or inherited. */
  readonly attributes: Inheritable;
}

/** All pages in their order. @throws PdfFault bad-page-tree, broken-*, too-complex */
export function readPages(document: PdfDocument, catalog: PdfDictionary): Page[] {
  const pages = new PageTreeWalk(document).collect(catalog.get('Pages'));
  if (pages.length === 0) throw badPageTree('it has no pages');
  return pages;
}

export function badPageTree(what: string): PdfFault {
  return new PdfFault('bad-page-tree', `The page tree of the document is broken: ${what}.`);
}

class PageTreeWalk {
  private readonly pages: Page[] = [];
  private readonly visited = new Set<number>();

  constructor(private readonly document: PdfDocument) {}

  collect(root: PdfValue): Page[] {
    this.visit(root, { MediaBox: null, CropBox: null, Rotate: null }, 0);
    return this.pages;
  }

  private visit(reference: PdfValue, inherited: Inheritable, depth: number): void {
    if (depth > limits.depth) throw tooComplex('its page tree is too deep');
    if (!(reference instanceof PdfReference)) throw badPageTree('it holds something that is no reference');
    if (this.visited.has(reference.number)) throw badPageTree(`object ${reference.number} occurs in it twice`);
    if (this.visited.size >= limits.pageNodes) throw tooComplex('it has too many pages');
    this.visited.add(reference.number);
    const node = this.document.dictionary(reference);
    if (node === undefined) throw badPageTree('a page is missing');
    const attributes = this.attributesOf(node, inherited);
    if (isName(node.get('Type'), 'Page')) this.pages.push({ reference, attributes });
    else if (isName(node.get('Type'), 'Pages')) this.visitKids(node, attributes, depth);
    else throw badPageTree('it holds something that is no page');
  }

  private visitKids(node: PdfDictionary, attributes: Inheritable, depth: number): void {
    const kids = this.document.array(node.get('Kids'));
    if (kids === undefined) throw badPageTree('a node has no /Kids');
    const before = this.pages.length;
    for (const kid of kids.items) this.visit(kid, attributes, depth + 1);
    // Viewers find a page by these counts, so wrong ones show one page and sign another.
    if (this.document.resolve(node.get('Count')) !== this.pages.length - before) throw badPageTree('a /Count is wrong');
  }

  private attributesOf(node: PdfDictionary, inherited: Inheritable): Inheritable {
    if (inheritable.every((key) => node.get(key) === null)) return inherited;
    return {
      MediaBox: node.get('MediaBox') ?? inherited.MediaBox,
      CropBox: node.get('CropBox') ?? inherited.CropBox,
      Rotate: node.get('Rotate') ?? inherited.Rotate,
    };
  }
}

/** The annotations of a page must be a list, or nothing yet, for a box to be added. @throws PdfFault bad-page-tree */
export function requireAnnotationList(document: PdfDocument, page: PdfReference): void {
  const list = document.resolve(document.dictionary(page)?.get('Annots') ?? null);
  if (list !== null && !(list instanceof PdfArray)) throw badPageTree('the annotations of a page are no list');
}
