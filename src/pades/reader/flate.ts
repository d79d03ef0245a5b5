import { inflateSync } from 'node:zlib';
import { tooComplex, type Budget } from './budget';
import { broken } from './lexer';
import { undoPredictor } from './predictor';
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
