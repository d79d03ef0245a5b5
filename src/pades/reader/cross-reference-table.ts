import type { Lexer } from './lexer';
import { Parser } from './parser';
import { brokenCrossReference, free, type Entry, type EntrySink } from './section';
import type { PdfDictionary } from './values';

/**
 * Reads the table whose `xref` the lexer has just gone past, and its trailer; ISO 32000-2, 7.5.4 and 7.5.5.
 *
 * @throws PdfFault broken-cross-reference, broken-object, too-complex
 */
export function readTable(lexer: Lexer, sink: EntrySink): PdfDictionary {
  for (;;) {
    lexer.skipWhite();
    if (lexer.takeWord('trailer')) return new Parser(lexer).dictionary();
    const first = integer(lexer);
    const count = integer(lexer);
    for (let number = first; number < first + count; number += 1) sink(number, readEntry(lexer));
  }
}

function readEntry(lexer: Lexer): Entry {
  const offset = integer(lexer);
  const generation = integer(lexer);
  lexer.skipWhite();
  if (lexer.takeWord('f')) return free;
  // Nothing can be before the header, so programs that write an offset of 0 mean an object that is not there.
  if (lexer.takeWord('n')) return offset === 0 ? free : { kind: 'plain', offset, generation };
  throw brokenCrossReference('an entry of a table is neither free nor in use');
}

function integer(lexer: Lexer): number {
  lexer.skipWhite();
  const value = lexer.takeInteger();
  if (value === undefined) throw brokenCrossReference('a table holds something that is no number');
  return value;
}
