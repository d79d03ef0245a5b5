import { Lexer } from './lexer';
import { brokenCrossReference } from './section';
import type { PdfDictionary } from './values';

/** Objects packed into one stream; ISO 32000-2, 7.5.7. */
export class ObjectStream {
  private constructor(
    readonly bytes: Buffer,
    private readonly numbers: readonly number[],
    private readonly offsets: readonly number[],
  ) {}

  /** @throws PdfFault broken-cross-reference */
  static read(dictionary: PdfDictionary, bytes: Buffer): ObjectStream {
    const count = dictionary.get('N');
    const first = dictionary.get('First');
    if (typeof count !== 'number' || typeof first !== 'number') throw brokenCrossReference('an object stream lacks /N');
    const lexer = new Lexer(bytes);
    const numbers: number[] = [];
    const offsets: number[] = [];
    for (let index = 0; index < count; index += 1) {
      numbers.push(integer(lexer));
      offsets.push(first + integer(lexer));
    }
    return new ObjectStream(bytes, numbers, offsets);
  }

  /**
   * Where object `number` begins in {@link bytes}.
   *
   * @throws PdfFault broken-cross-reference when it is not the one at `index`
   */
  offsetOf(number: number, index: number): number {
    const offset = this.offsets[index];
    if (this.numbers[index] !== number || offset === undefined || offset >= this.bytes.length) {
      throw brokenCrossReference(`object ${number} is not in the object stream it should be in`);
    }
    return offset;
  }
}

function integer(lexer: Lexer): number {
  lexer.skipWhite();
  const value = lexer.takeInteger();
  if (value === undefined) throw brokenCrossReference('an object stream begins with something that is no number');
  return value;
}
