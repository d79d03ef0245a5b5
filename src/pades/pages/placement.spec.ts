import { writePdf } from '../../../test/support/pdf/pdf-file';
import { documentOf, type PageOptions } from '../../../test/support/pdf/samples';
import { readSignable } from '../signable';
import type { SignLocation } from './placement';

const placeOn = (page: PageOptions, location: Partial<SignLocation>) =>
  readSignable(writePdf(documentOf([page])), [{ x: 0, y: 0, page: 1, ...location }]).placements[0]!;
const corners = ({ rectangle: { left, bottom, right, top } }: ReturnType<typeof placeOn>) => [left, bottom, right, top];

describe('the place of a box', () => {
  it.each<[string, PageOptions, Partial<SignLocation>, number[]]>([
    ['on a plain page', {}, { x: 0.5, y: 0.25 }, [306, 198, 526.5, 258]],
    ['with a shifted origin', { mediaBox: '[-100 50 512 842]' }, {}, [-100, 50, 120.5, 110]],
    ['with swapped corners', { mediaBox: '[612 792 0 0]' }, {}, [0, 0, 220.5, 60]],
    ['in the crop box', { entries: '/CropBox [100 100 500 900]' }, { y: 0.5 }, [100, 446, 320.5, 506]],
    ['with a user unit', { entries: '/UserUnit 2' }, { x: 0.5 }, [306, 0, 416.25, 30]],
    ['turned by 90°', { entries: '/Rotate 90' }, { x: 0.1, y: 0.2 }, [429.6, 79.2, 489.6, 299.7]],
    ['turned by 180°', { entries: '/Rotate 180' }, { x: 0.1, y: 0.2 }, [330.3, 573.6, 550.8, 633.6]],
    ['turned by 270°', { entries: '/Rotate 270' }, { x: 0.1, y: 0.2 }, [122.4, 492.3, 182.4, 712.8]],
    ['turned by -90°', { entries: '/Rotate -90' }, { x: 0.1, y: 0.2 }, [122.4, 492.3, 182.4, 712.8]],
    ['turned by 450°', { entries: '/Rotate 450' }, {}, [552, 0, 612, 220.5]],
    ['rounded past the edge', { mediaBox: '[0 0 595.28 842]' }, { x: 0.6296 }, [374.78, 0, 595.28, 60]],
  ])('is computed %s', (_, page, location, expected) => {
    const placed = corners(placeOn(page, location));
    expected.forEach((value, index) => {
      expect(placed[index]).toBeCloseTo(value, 2);
    });
  });

  it.each<[string, PageOptions, Partial<SignLocation>]>([
    ['to the right', {}, { x: 0.64 }],
    ['at the top', {}, { y: 0.925 }],
    ['to the left', {}, { x: -0.01 }],
    ['at the bottom', {}, { y: -0.01 }],
    ['nowhere in particular', {}, { x: Number.NaN }],
    ['because the page is too small', { mediaBox: '[0 0 200 200]' }, {}],
    ['because the crop box is too small', { entries: '/CropBox [0 0 612 59]' }, {}],
    ['because the turned page is too narrow', { mediaBox: '[0 0 612 200]', entries: '/Rotate 90' }, {}],
  ])('is refused when it leaves the page %s', (_, page, location) => {
    expect(() => placeOn(page, location)).toThrow(expect.objectContaining({ fault: 'box-leaves-page', location: 0 }));
  });

  it.each([0, 2, 1.5, -1, 1e9])('is refused on page %d of 1', (page) => {
    expect(() => placeOn({}, { page })).toThrow(expect.objectContaining({ fault: 'page-not-found', location: 0 }));
  });

  it.each<PageOptions>([
    { mediaBox: '[0 0 612]' },
    { mediaBox: '[0 0 612 (792)]' },
    { mediaBox: '[0 0 0 792]' },
    { mediaBox: 'null' },
    { mediaBox: '[0 0 612 2000000]' },
    { entries: '/UserUnit 1000000' },
    { entries: '/CropBox [700 0 800 100]' },
    { entries: '/Rotate 45' },
    { entries: '/UserUnit 0' },
    { entries: '/UserUnit -1' },
  ])('is refused on a page with %j', (page) => {
    expect(() => placeOn(page, {})).toThrow(expect.objectContaining({ fault: 'bad-page-tree' }));
  });
});
