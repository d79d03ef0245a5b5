import { undoPredictor } from './flate';
import { parser } from './parser';

const undo = (parameters: string, ...bytes: number[]) => [
  ...undoPredictor(Buffer.from(bytes), parser(Buffer.from(parameters), 0).dictionary()),
];

describe('predictors', () => {
  it('leaves unpredicted data alone', () => {
    expect(undo('<< >>', 1, 2, 3)).toEqual([1, 2, 3]);
  });

  it('undoes each type of PNG row', () => {
    const rows = [
      [0, 10, 20, 30],
      [1, 1, 1, 1],
      [2, 1, 1, 255],
      [3, 10, 10, 10],
      [4, 1, 1, 1],
    ];
    expect(undo('<< /Predictor 15 /Columns 3 >>', ...rows.flat())).toEqual(
      [
        [10, 20, 30],
        [1, 2, 3],
        [2, 3, 2],
        [11, 17, 19],
        [12, 18, 20],
      ].flat(),
    );
  });

  it('looks as many bytes back as a value has', () => {
    expect(undo('<< /Predictor 11 /Columns 2 /Colors 2 >>', 1, 5, 6, 1, 1)).toEqual([5, 6, 6, 7]);
  });

  it.each([
    '<< /Predictor 2 >>',
    '<< /Predictor 12 /Columns 0 >>',
    '<< /Predictor 12 /Columns 1e9 >>',
    '<< /Predictor 12 /Columns 100000 >>',
    '<< /Predictor 12 /BitsPerComponent 1 >>',
  ])('refuses %s', (parameters) => {
    expect(() => undo(parameters, 2, 1)).toThrow(expect.objectContaining({ fault: 'broken-object' }));
  });

  it('refuses an unknown type of row', () => {
    expect(() => undo('<< /Predictor 12 >>', 9, 1)).toThrow(expect.objectContaining({ fault: 'broken-object' }));
  });
});
