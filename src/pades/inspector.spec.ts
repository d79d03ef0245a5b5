import { writePdf } from '../../test/support/pdf/pdf-file';
import { onePage } from '../../test/support/pdf/samples';
import { inspectPdf } from './inspector';

const here = { x: 0, y: 0, page: 1 };

describe('inspecting in a thread', () => {
  it('answers as the inspection does, and leaves the bytes to their owner', async () => {
    const bytes = writePdf(onePage);
    await expect(inspectPdf(bytes, [here])).resolves.toEqual({ ok: true, pages: 1 });
    await expect(inspectPdf(bytes, [{ ...here, page: 2 }])).resolves.toMatchObject({ fault: 'page-not-found' });
    await expect(inspectPdf(Buffer.alloc(0), [])).resolves.toMatchObject({ fault: 'empty' });
    expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
  });

  it('takes many at once', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, () => inspectPdf(writePdf(onePage), [here])));
    expect(answers).toEqual(Array.from({ length: 40 }, () => ({ ok: true, pages: 1 })));
  });
});
