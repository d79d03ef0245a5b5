import { writeDictionary, writeStream, type Source } from './syntax';

/** Where an object of the update is. */
export interface WrittenObject {
  readonly number: number;
  readonly generation: number;
  readonly offset: number;
}

/** ISO 32000-2, 7.5.4: entries of 20 bytes, in runs of consecutive numbers. */
export function writeTable(objects: readonly WrittenObject[], trailer: Readonly<Record<string, Source>>): Source {
  const runs = runsOf(objects).map((run) => {
    const entries = run.map(({ offset, generation }) => `${padded(offset, 10)} ${padded(generation, 5)} n \n`);
    return `${run[0]?.number} ${run.length}\n${entries.join('')}`;
  });
  return `xref\n${runs.join('')}trailer\n${writeDictionary(trailer)}\n`;
}

/** ISO 32000-2, 7.5.8: the body of a stream that is itself one of `objects`. */
export function writeCrossReferenceStream(
  objects: readonly WrittenObject[],
  trailer: Readonly<Record<string, Source>>,
): Source {
  const index = runsOf(objects).map((run) => `${run[0]?.number} ${run.length}`);
  const rows = objects.map(({ offset, generation }) => {
    const row = Buffer.alloc(7);
    row.writeUInt8(1);
    row.writeUInt32BE(offset, 1);
    row.writeUInt16BE(generation, 5);
    return row;
  });
  return writeStream(
    { Type: '/XRef', W: '[1 4 2]', Index: `[${index.join(' ')}]`, ...trailer },
    Buffer.concat(rows).toString('latin1'),
  );
}

/** `objects` come in ascending order. */
function runsOf(objects: readonly WrittenObject[]): WrittenObject[][] {
  const runs: WrittenObject[][] = [];
  for (const object of objects) {
    const run = runs.at(-1);
    if (run?.at(-1)?.number === object.number - 1) run.push(object);
    else runs.push([object]);
  }
  return runs;
}

function padded(value: number, digits: number): string {
  return String(value).padStart(digits, '0');
}
