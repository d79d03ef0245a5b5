import { PdfLocationFault } from '../fault';
import type { PdfDocument } from '../reader/document';
import type { PdfReference } from '../reader/values';
import { readPageArea, type PageArea, type Rectangle } from './page-area';
import type { Page } from './page-tree';

/** Where a box shall be: fractions of the page as it is shown, from its lower left, to the box's lower-left corner. */
export interface SignLocation {
  readonly x: number;
  readonly y: number;
  /** From 1. */
  readonly page: number;
}

/** The box of a visible signature, in points of 1/72 inch. */
export const boxWidthPoints = 220.5;
export const boxHeightPoints = 60;

/** Fractions have four decimals, so one that was rounded may be off by half of the last. */
const rounding = 0.00005;

/** A box on its page, in the page's own units and orientation. */
export interface Placement {
  readonly page: PdfReference;
  readonly rectangle: Rectangle;
  readonly rotation: PageArea['rotation'];
}

/** @throws PdfLocationFault page-not-found, box-leaves-page @throws PdfFault bad-page-tree, broken-*, too-complex */
export function place(document: PdfDocument, pages: readonly Page[], location: SignLocation, index: number): Placement {
  const page = pages[location.page - 1];
  if (page === undefined) {
    const count = pages.length === 1 ? '1 page' : `${pages.length} pages`;
    throw new PdfLocationFault(
      'page-not-found',
      index,
      `There is no page ${location.page}; the document has ${count}.`,
    );
  }
  const area = readPageArea(document, page);
  const box = boxAsShown(area, location);
  if (box === undefined) {
    throw new PdfLocationFault('box-leaves-page', index, `The box at (${location.x}, ${location.y}) leaves the page.`);
  }
  return { page: page.reference, rectangle: turnBack(area, box), rotation: area.rotation };
}

/** The box in the page's units, but measured on the page as shown, whose lower left is (0, 0). */
function boxAsShown({ visible, rotation, userUnit }: PageArea, { x, y }: SignLocation): Rectangle | undefined {
  const sides = [visible.right - visible.left, visible.top - visible.bottom] as const;
  const [pageWidth, pageHeight] = rotation % 180 === 0 ? sides : [sides[1], sides[0]];
  const width = boxWidthPoints / userUnit;
  const height = boxHeightPoints / userUnit;
  const fits =
    x >= 0 &&
    y >= 0 &&
    width <= pageWidth &&
    height <= pageHeight &&
    x * pageWidth + width <= (1 + rounding) * pageWidth &&
    y * pageHeight + height <= (1 + rounding) * pageHeight;
  if (!fits) return undefined;
  const left = Math.min(x * pageWidth, pageWidth - width);
  const bottom = Math.min(y * pageHeight, pageHeight - height);
  return { left, bottom, right: left + width, top: bottom + height };
}

/** From the page as shown to the page as written. */
function turnBack({ visible, rotation }: PageArea, box: Rectangle): Rectangle {
  switch (rotation) {
    case 0:
      return {
        left: visible.left + box.left,
        bottom: visible.bottom + box.bottom,
        right: visible.left + box.right,
        top: visible.bottom + box.top,
      };
    case 90:
      return {
        left: visible.right - box.top,
        bottom: visible.bottom + box.left,
        right: visible.right - box.bottom,
        top: visible.bottom + box.right,
      };
    case 180:
      return {
        left: visible.right - box.right,
        bottom: visible.top - box.top,
        right: visible.right - box.left,
        top: visible.top - box.bottom,
      };
    case 270:
      return {
        left: visible.left + box.bottom,
        bottom: visible.top - box.right,
        right: visible.left + box.top,
        top: visible.top - box.left,
      };
  }
}
