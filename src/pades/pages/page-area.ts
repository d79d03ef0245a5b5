import type { PdfDocument } from '../reader/document';
import type { PdfValue } from '../reader/values';
import { badPageTree, type Page } from './page-tree';

/** A rectangle in a page's own units. */
export interface Rectangle {
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
  readonly top: number;
}

/** What of a page is shown, and how. */
export interface PageArea {
  readonly visible: Rectangle;
  /** Degrees clockwise by which the page is turned when shown. */
  readonly rotation: 0 | 90 | 180 | 270;
  /** Points of 1/72 inch in one of the page's units. */
  readonly userUnit: number;
}

/** CropBox cut with MediaBox, ISO 32000-2, 14.11.2. @throws PdfFault bad-page-tree, broken-*, too-complex */
export function readPageArea(document: PdfDocument, page: Page): PageArea {
  const mediaBox = rectangle(document, page.attributes.MediaBox);
  const { CropBox } = page.attributes;
  return {
    visible: CropBox === null ? mediaBox : intersection(mediaBox, rectangle(document, CropBox)),
    rotation: rotation(document, page.attributes.Rotate),
    userUnit: userUnit(document, document.dictionary(page.reference)?.get('UserUnit') ?? null),
  };
}

/** Coordinates beyond this are no page's; viewers stop far below. */
const farthest = 1e6;

/** The largest /UserUnit that viewers know: pages of 381 km. */
const largestUnit = 75_000;

function rectangle(document: PdfDocument, value: PdfValue): Rectangle {
  const numbers = document.array(value)?.items.map((item) => document.resolve(item)) ?? [];
  const [x1, y1, x2, y2] = numbers.filter(
    (number) => typeof number === 'number' && Math.abs(number) <= farthest,
  ) as number[];
  if (numbers.length !== 4 || x1 === undefined || y1 === undefined || x2 === undefined || y2 === undefined) {
    throw badPageTree('a page has no valid box');
  }
  return nonEmpty({
    left: Math.min(x1, x2),
    bottom: Math.min(y1, y2),
    right: Math.max(x1, x2),
    top: Math.max(y1, y2),
  });
}

function intersection(one: Rectangle, other: Rectangle): Rectangle {
  return nonEmpty({
    left: Math.max(one.left, other.left),
    bottom: Math.max(one.bottom, other.bottom),
    right: Math.min(one.right, other.right),
    top: Math.min(one.top, other.top),
  });
}

function nonEmpty(rectangle: Rectangle): Rectangle {
  if (rectangle.left < rectangle.right && rectangle.bottom < rectangle.top) return rectangle;
  throw badPageTree('a page has no visible area');
}

function rotation(document: PdfDocument, value: PdfValue): PageArea['rotation'] {
  const degrees = document.resolve(value) ?? 0;
  if (typeof degrees !== 'number' || degrees % 90 !== 0) throw badPageTree('a page is turned by a bad angle');
  return (((degrees % 360) + 360) % 360) as PageArea['rotation'];
}

function userUnit(document: PdfDocument, value: PdfValue): number {
  const unit = document.resolve(value) ?? 1;
  if (typeof unit !== 'number' || !(unit > 0) || unit > largestUnit) throw badPageTree('a page has a bad /UserUnit');
  return unit;
}
