import { limits, tooComplex } from './budget';
import { broken, isDigit, Lexer } from './lexer';
import { readHexString, readLiteralString } from './strings';
import { PdfArray, PdfDictionary, PdfName, PdfReference, PdfString, type PdfValue } from './values';

const code = (character: string) => character.charCodeAt(0);
const slash = code('/');
const opening = code('(');
const lessThan = code('<');
const bracket = code('[');

/** Reads values (ISO 32000-2, 7.3) from the lexer's position on; one parser for one object. */
export class Parser {
  private values = 0;

  constructor(readonly lexer: Lexer) {}

  /** @throws PdfFault broken-object, too-complex */
  value(depth = 0): PdfValue {
    if (depth > limits.depth) throw tooComplex('its objects are nested too deeply');
    if (++this.values > limits.values) throw tooComplex('one of its objects holds too many values');
    const { lexer } = this;
    lexer.skipWhite();
    const next = lexer.peek();
    if (next === slash) return new PdfName(lexer.name());
    if (next === opening) return new PdfString(readLiteralString(lexer));
    if (next === lessThan) {
      return lexer.take('<<') ? this.dictionaryBody(depth) : new PdfString(readHexString(lexer));
    }
    if (next === bracket) return this.array(depth);
    if (isDigit(next)) return this.numberOrReference();
    if (lexer.takeWord('true')) return true;
    if (lexer.takeWord('false')) return false;
    if (lexer.takeWord('null')) return null;
    return lexer.number();
  }

  /** A dictionary and nothing else. @throws PdfFault broken-object, too-complex */
  dictionary(): PdfDictionary {
    this.lexer.skipWhite();
    if (!this.lexer.take('<<')) throw broken('a dictionary is missing');
    return this.dictionaryBody(0);
  }

  private array(depth: number): PdfArray {
    const { lexer } = this;
    const items: PdfValue[] = [];
    lexer.take('[');
    for (;;) {
      lexer.skipWhite();
      if (lexer.take(']')) return new PdfArray(items);
      items.push(this.value(depth + 1));
    }
  }

  private dictionaryBody(depth: number): PdfDictionary {
    const { lexer } = this;
    const entries = new Map<string, { value: PdfValue; start: number; end: number }>();
    for (;;) {
      lexer.skipWhite();
      if (lexer.take('>>')) return new PdfDictionary(lexer.bytes, entries);
      const key = lexer.name();
      // Readers disagree on which of two equal keys counts, so what is shown and what is signed could differ.
      if (entries.has(key)) throw broken(`the key “${key.slice(0, 40)}” occurs twice in a dictionary`);
      lexer.skipWhite();
      const start = lexer.position;
      const value = this.value(depth + 1);
      entries.set(key, { value, start, end: lexer.position });
    }
  }

  private numberOrReference(): PdfValue {
    const { lexer } = this;
    const number = lexer.takeInteger();
    if (number === undefined) return lexer.number();
    const afterNumber = lexer.position;
    lexer.skipWhite();
    const generation = lexer.takeInteger();
    if (generation !== undefined) {
      lexer.skipWhite();
      if (lexer.takeWord('R')) return new PdfReference(number, generation);
    }
    lexer.position = afterNumber;
    return number;
  }
}

export function parser(bytes: Buffer, position: number): Parser {
  return new Parser(new Lexer(bytes, position));
}
