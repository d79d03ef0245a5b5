import { writePdf } from '../../../test/support/pdf/pdf-file';
import { eventually } from '../../../test/support/eventually';
import { documentOf, onePage } from '../../../test/support/pdf/samples';
import { type SignLocation } from '../pages/placement';
import type { Task } from './entry';
import { inspectPdf, FairQueue, PdfBusy, ThreadPool } from './pool';

const limits = { threads: 1, timeLimitMs: 20_000, heapMegabytes: 256, waitingBytes: 200_000_000, idleMs: 100 };
const task = (bytes: Buffer, locations: readonly SignLocation[] = []): Task<'inspect'> => ({
  operation: 'inspect',
  bytes,
  parameters: [locations],
});
const quick = task(writePdf(documentOf([{}])));
const slow = task(writePdf(documentOf(Array.from({ length: 100_000 }, () => ({})))));
const intakeOf = (owner: string) => ({ owner, urgent: false });

describe('the pool of threads', () => {
  const pool = new ThreadPool({ ...limits, idleMs: 10_000 });

  it('ends a thread that takes too long, which says nothing of the document, and goes on with another', async () => {
    const pool = new ThreadPool({ ...limits, timeLimitMs: 1_500, heapMegabytes: 1_000 });
    const location = { x: 0, y: 0, page: 1 };
    const long = task(
      writePdf(onePage),
      Array.from({ length: 1_000_000 }, () => location),
    );
    await expect(pool.run(long, intakeOf('a'))).rejects.toThrow(PdfBusy);
    const answer = await eventually(() => pool.run(quick, intakeOf('a')).catch(() => undefined));
    expect(answer).toEqual({ ok: true, pages: 1 });
  });

  it('ends a thread that takes too much memory, which is the fault of its document alone', async () => {
    const pool = new ThreadPool({ ...limits, threads: 2, heapMegabytes: 40 });
    const [failed, neighbour] = [pool.run(slow, intakeOf('a')), pool.run(quick, intakeOf('b'))];
    await expect(failed).rejects.toMatchObject({ fault: 'too-complex', detail: expect.stringContaining('memory') });
    await expect(neighbour).resolves.toEqual({ ok: true, pages: 1 });
    await expect(pool.run(quick, intakeOf('a'))).resolves.toEqual({ ok: true, pages: 1 });
  });

  it('hands on what a task throws', async () => {
    const wrong = { ...quick, parameters: [null as unknown as []] as [[]] };
    await expect(pool.run(wrong, intakeOf('a'))).rejects.toThrow('Cannot read properties of null');
    await expect(pool.run(quick, intakeOf('a'))).resolves.toEqual({ ok: true, pages: 1 });
  });

  it('lets wait only what memory has been set aside for', async () => {
    const pool = new ThreadPool({ ...limits, waitingBytes: 1.5 * quick.bytes.length });
    const [running, waiting, refused] = ['a', 'b', 'c'].map((owner) => pool.run(quick, intakeOf(owner)));
    await expect(refused).rejects.toThrow(PdfBusy);
    await expect(Promise.all([running, waiting])).resolves.toHaveLength(2);
    await expect(pool.run(quick, intakeOf('a'))).resolves.toEqual({ ok: true, pages: 1 });
  });

  it('leaves half of that memory to the other owners', async () => {
    const pool = new ThreadPool({ ...limits, waitingBytes: 3.5 * quick.bytes.length });
    const [running, waiting, refused] = ['a', 'a', 'a'].map((owner) => pool.run(quick, intakeOf(owner)));
    const other = pool.run(quick, intakeOf('b'));
    await expect(refused).rejects.toThrow(PdfBusy);
    await expect(Promise.all([running, waiting, other])).resolves.toHaveLength(3);
  });

  it("delays an owner's one document by one of another's many, and signing by none that waits", async () => {
    const finished: string[] = [];
    const run = (name: string, owner: string, urgent: boolean) =>
      pool.run(quick, { owner, urgent }).then(() => finished.push(name));
    const many = Array.from({ length: 14 }, (_, index) => run(`many ${index}`, 'many', false));
    await Promise.all([...many, run('few', 'few', false), run('signing', 'many', true)]);
    expect(finished.slice(0, 4)).toEqual(['many 0', 'signing', 'many 1', 'few']);
  });
});

describe('inspecting in a thread', () => {
  const here = { x: 0, y: 0, page: 1 };

  it('answers as the inspection does, and leaves the bytes to their owner', async () => {
    const bytes = writePdf(onePage);
    await expect(inspectPdf(bytes, [here], 'any')).resolves.toEqual({ ok: true, pages: 1 });
    await expect(inspectPdf(bytes, [{ ...here, page: 2 }], 'any')).resolves.toMatchObject({ fault: 'page-not-found' });
    await expect(inspectPdf(Buffer.alloc(0), [], 'any')).resolves.toMatchObject({ fault: 'empty' });
    expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
  });

  it('takes many at once', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, () => inspectPdf(writePdf(onePage), [here], 'any')));
    expect(answers).toEqual(Array.from({ length: 40 }, () => ({ ok: true, pages: 1 })));
  });
});

describe('the fair queue', () => {
  const taken = (queue: FairQueue<string>): string[] => {
    const items: string[] = [];
    for (let item = queue.take(); item !== undefined; item = queue.take()) items.push(item);
    return items;
  };

  it('serves owners in turn, each in its own order', () => {
    const queue = new FairQueue<string>();
    for (const item of ['a1', 'a2', 'a3', 'b1', 'c1', 'b2']) queue.add({ owner: item.charAt(0), urgent: false }, item);
    expect(taken(queue)).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
  });

  it('serves urgent work first', () => {
    const queue = new FairQueue<string>();
    queue.add({ owner: 'a', urgent: false }, 'intake');
    queue.add({ owner: 'a', urgent: true }, 'signing');
    expect(taken(queue)).toEqual(['signing', 'intake']);
  });
});
