import { checkStatus, InvalidLifecycle, isOpen, isTerminal, lifecycle, nextTransitions, openStates } from './lifecycle';

const sound = {
  approval: 'task',
  initial: 'open',
  states: ['open', 'done', 'lost'],
  terminal: ['done', 'lost'],
  transitions: { finish: { from: ['open'], to: 'done' } },
  timeouts: { open: 'lost' },
  recall: { transition: 'finish', from: ['open'] },
} as const;

describe('lifecycle', () => {
  it('spells out the column of a timeout that names only its state', () => {
    expect(lifecycle(sound).timeouts).toEqual({ open: { to: 'lost', after: 'expires_at' } });
  });

  const faults: [string, object, RegExp][] = [
    ['an unknown state', { transitions: { finish: { from: ['open'], to: 'finished' } } }, /unknown state finished/],
    [
      'a state out of reach',
      { states: [...sound.states, 'far'], terminal: ['done', 'lost', 'far'] },
      /far cannot be reached/,
    ],
    [
      'a transition out of an end',
      { transitions: { ...sound.transitions, redo: { from: ['done'], to: 'open' } } },
      /redo leads out of the end done/,
    ],
    ['a timeout out of an end', { timeouts: { open: 'lost', done: 'lost' } }, /timeout leads out of the end done/],
    ['a dead end that is none', { terminal: ['done'] }, /lost has no way out and is not an end/],
    ['timeouts in a circle', { terminal: ['done'], timeouts: { open: 'lost', lost: 'open' } }, /run in a circle/],
    ['a name that is no identifier', { approval: 'task; drop' }, /no plain name/],
    ['a recall by no transition', { recall: { transition: 'undo', from: ['open'] } }, /unknown transition undo/],
    [
      'a recall that is no end',
      {
        transitions: { ...sound.transitions, wait: { from: ['open'], to: 'open' } },
        recall: { transition: 'wait', from: ['open'] },
      },
      /a recall leads to open, which is not an end/,
    ],
    [
      'a recall out of an unknown state',
      { recall: { transition: 'finish', from: ['open', 'shut'] } },
      /unknown state shut/,
    ],
    ['a recall out of an end', { recall: { transition: 'finish', from: ['open', 'lost'] } }, /out of the end lost/],
    [
      'a recall that spares what has just begun',
      { recall: { transition: 'finish', from: [] } },
      /not lead out of open/,
    ],
    ['a transition called lapse', { transitions: { lapse: { from: ['open'], to: 'done' } } }, /lapse is the name/],
  ];
  it.each(faults)('refuses %s', (_, change, message) => {
    const wrong = { ...sound, ...change } as unknown as Parameters<typeof lifecycle>[0];
    expect(() => lifecycle(wrong)).toThrow(InvalidLifecycle);
    expect(() => lifecycle(wrong)).toThrow(message);
  });

  it('derives which states are open, and says so in SQL', () => {
    const life = lifecycle(sound);
    expect(openStates(life)).toEqual(['open']);
    expect(isOpen(life)).toBe(`status IN ('open')`);
    expect(checkStatus(life)).toBe(`status IN ('open', 'done', 'lost')`);
    expect(isOpen(life, '_after')).toBe(`_after IN ('open')`);
    expect(life.states.map((state) => isTerminal(life, state))).toEqual([false, true, true]);
  });

  it('derives what may happen next', () => {
    const life = lifecycle(sound);
    expect(nextTransitions(life, 'open')).toEqual([
      { transition: 'finish', to: 'done' },
      { transition: 'lapse', to: 'lost' },
    ]);
    expect(nextTransitions(life, 'done')).toEqual([]);
  });
});
