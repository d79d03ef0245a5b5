import { InvalidLifecycle, lifecycle } from './lifecycle';

const sound = {
  approval: 'errand',
  initial: 'open',
  states: ['open', 'done', 'lost'],
  ends: ['done', 'lost'],
  moves: { finish: { from: ['open'], to: 'done' } },
  lapses: { open: 'lost' },
} as const;

describe('lifecycle', () => {
  it('spells out the column of a lapse that names only its state', () => {
    expect(lifecycle(sound).lapses).toEqual({ open: { to: 'lost', after: 'expires_at' } });
  });

  const faults: [string, object, RegExp][] = [
    ['an unknown state', { moves: { finish: { from: ['open'], to: 'finished' } } }, /unknown state finished/],
    [
      'a state out of reach',
      { states: [...sound.states, 'far'], ends: ['done', 'lost', 'far'] },
      /far cannot be reached/,
    ],
    [
      'a move out of an end',
      { moves: { ...sound.moves, redo: { from: ['done'], to: 'open' } } },
      /redo leads out of the end done/,
    ],
    ['a lapse out of an end', { lapses: { open: 'lost', done: 'lost' } }, /lapse leads out of the end done/],
    ['a dead end that is none', { ends: ['done'] }, /lost has no way out and is not an end/],
    ['lapses in a circle', { ends: ['done'], lapses: { open: 'lost', lost: 'open' } }, /run in a circle/],
    ['a name that is no identifier', { approval: 'errand; drop' }, /no plain name/],
    ['a move called lapse', { moves: { lapse: { from: ['open'], to: 'done' } } }, /lapse is the name/],
  ];
  it.each(faults)('refuses %s', (_, change, message) => {
    const wrong = { ...sound, ...change } as unknown as Parameters<typeof lifecycle>[0];
    expect(() => lifecycle(wrong)).toThrow(InvalidLifecycle);
    expect(() => lifecycle(wrong)).toThrow(message);
  });
});
