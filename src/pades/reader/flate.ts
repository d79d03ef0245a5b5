import { inflateSync } from 'node:zlib';
import { type Budget, tooComplex } from './budget';
import { broken } from './lexer';
import { isName, PdfArray, PdfDictionary } from './values';

/**
 * Decodes a stream that a reader of structure needs: cross-reference and object streams, which are written plainly or
 * with FlateDecode by every program known to us.
 *
 * @throws PdfFault broken-object, too-complex
 */
export function decode(data: Buffer, filter: unknown, parameters: unknown, budget: Budget): Buffer {
  const only = single(filter);
  if (only === null) return data;
  if (!isName(only, 'FlateDecode')) throw broken('a stream of its structure has an unsupported filter');
  const inflated = inflate(data, budget);
  const settings = single(parameters);
  if (settings === null) return inflated;
  if (!(settings instanceof PdfDictionary)) throw broken('the parameters of a filter are no dictionary');
  return undoPredictor(inflated, settings);
}

function single(value: unknown): unknown {
  if (!(value instanceof PdfArray)) return value;
  if (value.items.length > 1) throw broken('a stream of its structure has several filters');
  return value.items[0] ?? null;
}

function inflate(data: Buffer, budget: Budget): Buffer {
  const inflated = inflateWithin(data, budget.inflatable);
  budget.spendInflating(inflated.length);
  return inflated;
}

function inflateWithin(data: Buffer, maxOutputLength: number): Buffer {
  try {
    return inflateSync(data, { maxOutputLength });
  } catch (error) {
    if (error instanceof RangeError) throw tooComplex('its compressed parts are too large');
    throw broken('a compressed stream cannot be inflated');
  }
}

/**
 * Undoes the predictor of ISO 32000-2, 7.4.4.4, for rows of whole bytes: none, or PNG (what is used for
 * cross-reference streams).
 *
 * @throws PdfFault broken-object
 */
export function undoPredictor(data: Buffer, parameters: PdfDictionary): Buffer {
  const predictor = parameters.get('Predictor') ?? 1;
  if (predictor === 1) return data;
  const columns = parameters.get('Columns') ?? 1;
  const bytesPerValue = Number(parameters.get('Colors') ?? 1) * (Number(parameters.get('BitsPerComponent') ?? 8) / 8);
  if (typeof predictor !== 'number' || predictor < 10 || predictor > 15) throw broken('an unsupported predictor');
  if (typeof columns !== 'number' || !isCount(columns) || !isCount(bytesPerValue)) throw broken('a broken predictor');
  return undoPng(data, columns * bytesPerValue, bytesPerValue);
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= 65_536;
}

/** Each row of `width` bytes is led by a byte that says how it was predicted; PNG, 9.2. */
function undoPng(data: Buffer, width: number, step: number): Buffer {
  const rows = Math.ceil(data.length / (width + 1));
  const out = Buffer.alloc(rows * width);
  for (let row = 0; row < rows; row += 1) {
    const from = row * (width + 1);
    const type = data[from] as number;
    const count = Math.min(width, data.length - from - 1);
    for (let column = 0; column < count; column += 1) {
      const to = row * width + column;
      const left = column >= step ? (out[to - step] as number) : 0;
      const above = row > 0 ? (out[to - width] as number) : 0;
      const aboveLeft = row > 0 && column >= step ? (out[to - width - step] as number) : 0;
      out[to] = (data[from + 1 + column] as number) + predicted(type, left, above, aboveLeft);
    }
  }
  return out;
}

function predicted(type: number, left: number, above: number, aboveLeft: number): number {
  switch (type) {
    case 0:
      return 0;
    case 1:
      return left;
    case 2:
      return above;
    case 3:
      return (left + above) >> 1;
    case 4:
      return paeth(left, above, aboveLeft);
    default:
      throw broken('an unknown PNG predictor');
  }
}

function paeth(left: number, above: number, aboveLeft: number): number {
  const estimate = left + above - aboveLeft;
  const byLeft = Math.abs(estimate - left);
  const byAbove = Math.abs(estimate - above);
  const byAboveLeft = Math.abs(estimate - aboveLeft);
  if (byLeft <= byAbove && byLeft <= byAboveLeft) return left;
  return byAbove <= byAboveLeft ? above : aboveLeft;
}
