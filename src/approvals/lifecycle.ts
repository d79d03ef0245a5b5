/** What a move does: it leads from any of some states to one. */
export interface MoveRule<State extends string> {
  readonly from: readonly State[];
  readonly to: State;
}

/** What time does: past the instant in `after` (a column), the state *is* `to`, whether or not anyone wrote it down. */
export interface Lapse<State extends string> {
  readonly to: State;
  readonly after: string;
}

/** The whole life of one kind of approval, as data. */
export interface Lifecycle<State extends string = string, Move extends string = string> {
  /** The approval's kind, which is also the name of its table. */
  readonly approval: string;
  readonly initial: State;
  readonly states: readonly State[];
  /** The states that nothing leads out of: an approval has exactly one end. */
  readonly ends: readonly State[];
  readonly moves: Readonly<Record<Move, MoveRule<State>>>;
  readonly lapses: Readonly<Partial<Record<State, Lapse<State>>>>;
}

export type StateOf<L> = L extends Lifecycle<infer State> ? State : never;
export type MoveOf<L> = L extends Lifecycle<string, infer Move> ? Move : never;

/** A lifecycle contradicts itself; found when its file is loaded, so that no server starts with it. */
export class InvalidLifecycle extends Error {
  constructor(approval: string, fault: string) {
    super(`The lifecycle of ${approval} is wrong: ${fault}`);
    this.name = 'InvalidLifecycle';
  }
}

/** The states that something still leads out of. */
export function openStates<State extends string>({ states, ends }: Lifecycle<State>): State[] {
  return states.filter((state) => !ends.includes(state));
}

/** The condition of a table's CHECK on its `status`. */
export function checkStatus({ states }: Lifecycle): string {
  return `status IN (${states.map((state) => `'${state}'`).join(', ')})`;
}

interface Definition<State extends string, Move extends string> extends Omit<Lifecycle<State, Move>, 'lapses'> {
  /** `pending: 'expired'` is short for `pending: { to: 'expired', after: 'expires_at' }`. */
  readonly lapses: Readonly<Partial<Record<NoInfer<State>, NoInfer<State> | Lapse<NoInfer<State>>>>>;
}

/**
 * Makes a lifecycle out of its table.
 * @throws InvalidLifecycle when a state is unknown or cannot be reached, when something leads out of an end,
 *   when a state without a way out is not an end, or when lapses run in a circle
 */
export function lifecycle<const State extends string, const Move extends string>(
  definition: Definition<State, Move>,
): Lifecycle<State, Move> {
  const lapses: Partial<Record<State, Lapse<State>>> = {};
  for (const [state, lapse] of Object.entries(definition.lapses) as [State, State | Lapse<State>][])
    lapses[state] = typeof lapse === 'string' ? { to: lapse, after: 'expires_at' } : lapse;
  const made: Lifecycle<State, Move> = { ...definition, lapses };
  check(made);
  return made;
}

function check(made: Lifecycle): void {
  const refuse = (fault: string): never => {
    throw new InvalidLifecycle(made.approval, fault);
  };
  const lapses = Object.entries(made.lapses) as [string, Lapse<string>][];
  const ways = [
    ...Object.entries(made.moves).flatMap(([name, { from, to }]) => from.map((each) => ({ name, from: each, to }))),
    ...lapses.map(([from, { to }]) => ({ name: 'lapse', from, to })),
  ];
  const names = [made.approval, ...made.states, ...Object.keys(made.moves), ...lapses.map(([, { after }]) => after)];
  for (const name of names) if (!/^[a-z][a-z_]*$/.test(name)) refuse(`${name} is no plain name`);
  if ('lapse' in made.moves) refuse('lapse is the name of what time does, not of a move');

  for (const state of [made.initial, ...made.ends, ...ways.flatMap(({ from, to }) => [from, to])])
    if (!made.states.includes(state)) refuse(`unknown state ${state}`);
  for (const way of ways) if (made.ends.includes(way.from)) refuse(`${way.name} leads out of the end ${way.from}`);
  for (const state of made.states)
    if (!made.ends.includes(state) && !ways.some((way) => way.from === state && way.to !== state))
      refuse(`${state} has no way out and is not an end`);

  const reached = new Set([made.initial]);
  for (const state of reached) for (const way of ways) if (way.from === state) reached.add(way.to);
  for (const state of made.states) if (!reached.has(state)) refuse(`${state} cannot be reached`);

  for (const [start] of lapses) {
    const passed = new Set<string>();
    for (let state: string | undefined = start; state !== undefined; state = made.lapses[state]?.to) {
      if (passed.has(state)) refuse(`the lapses of ${start} run in a circle`);
      passed.add(state);
    }
  }
}
