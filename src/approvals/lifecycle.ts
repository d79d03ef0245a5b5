import { literals } from '../platform/database/statement';

/** What a transition does: it leads from any of some states to one. */
export interface TransitionRule<State extends string> {
  readonly from: readonly State[];
  readonly to: State;
}

/** What time does: past the instant in `after` (a column), the state *is* `to`, whether or not it is written down. */
export interface Timeout<State extends string> {
  readonly to: State;
  readonly after: string;
}

/** How a recall ends an approval: by this transition, out of these states as well where its own `from` is narrower. */
export interface Recall<State extends string, Transition extends string> {
  readonly transition: Transition;
  readonly from: readonly State[];
}

/** The whole life of one kind of approval, as data. */
export interface Lifecycle<
  State extends string = string,
  Transition extends string = string,
  Terminal extends State = State,
> {
  /** The approval's kind, which is also the name of its table. */
  readonly approval: string;
  readonly initial: State;
  readonly states: readonly State[];
  /** The states that nothing leads out of: an approval has exactly one end. */
  readonly terminal: readonly Terminal[];
  readonly transitions: Readonly<Record<Transition, TransitionRule<State>>>;
  readonly timeouts: Readonly<Partial<Record<State, Timeout<State>>>>;
  readonly recall: Recall<State, Transition>;
}

export type StateOf<L> = L extends Lifecycle<infer State> ? State : never;
export type TransitionOf<L> = L extends Lifecycle<string, infer Transition> ? Transition : never;
/** The states that an approval stays in for good. */
export type TerminalOf<L> = L extends { readonly terminal: readonly (infer Terminal)[] } ? Terminal : never;

/** A lifecycle contradicts itself; found when its file is loaded, so that no server starts with it. */
export class InvalidLifecycle extends Error {
  constructor(approval: string, fault: string) {
    super(`The lifecycle of ${approval} is wrong: ${fault}`);
    this.name = 'InvalidLifecycle';
  }
}

export function isTerminal<State extends string, Terminal extends State>(
  { terminal }: Lifecycle<State, string, Terminal>,
  state: State,
): state is Terminal {
  return (terminal as readonly State[]).includes(state);
}

/** The kind of approval as addresses and events say it, which is the name of its API: `sign-request`. */
export const kindOf = ({ approval }: Pick<Lifecycle, 'approval'>): string => approval.replaceAll('_', '-');

/** The states that a recall leads out of: an approval in one of them is pending, in any other it has ended. */
export function openStates<State extends string>(life: Lifecycle<State>): readonly State[] {
  return life.recall.from;
}

export function isOpenState<State extends string>(life: Lifecycle<State>, state: State): boolean {
  return life.recall.from.includes(state);
}

/** The transitions that an approval in this state may make, and what time makes of it. */
export function nextTransitions<State extends string, Transition extends string>(
  { transitions, timeouts }: Lifecycle<State, Transition>,
  state: State,
): { readonly transition: Transition | 'lapse'; readonly to: State }[] {
  const allowed = (Object.entries(transitions) as [Transition, TransitionRule<State>][]).filter(([, { from }]) =>
    from.includes(state),
  );
  const timeout = timeouts[state];
  return [
    ...allowed.map(([transition, { to }]) => ({ transition, to })),
    ...(timeout === undefined ? [] : [{ transition: 'lapse' as const, to: timeout.to }]),
  ];
}

/**
 * SQL: whether the state is one of these.
 * @param state SQL of the state; the stored one unless another is given
 */
export const isIn = <State extends string>(_: Lifecycle<State>, states: readonly NoInfer<State>[], state = 'status') =>
  `${state} IN (${literals(states)})`;

/** SQL: the condition of the table's CHECK on `status`. */
export const checkStatus = (life: Lifecycle): string => isIn(life, life.states);

/** SQL: whether the stored state, or another one that is given in SQL, is open. */
export const isOpen = (life: Lifecycle, state = 'status'): string => isIn(life, openStates(life), state);

interface Definition<State extends string, Transition extends string, Terminal extends State> extends Omit<
  Lifecycle<State, Transition, Terminal>,
  'timeouts' | 'recall'
> {
  /** `pending: 'expired'` is short for `pending: { to: 'expired', after: 'expires_at' }`. */
  readonly timeouts: Readonly<Partial<Record<NoInfer<State>, NoInfer<State> | Timeout<NoInfer<State>>>>>;
  readonly recall: Recall<NoInfer<State>, NoInfer<Transition>>;
}

/**
 * Makes a lifecycle out of its table.
 * @throws InvalidLifecycle when a state is unknown or cannot be reached, when something leads out of an end,
 *   when a state without a way out is not an end, when timeouts run in a circle, or when a recall leads to no end
 */
export function lifecycle<const State extends string, const Transition extends string, const Terminal extends State>(
  definition: Definition<State, Transition, Terminal>,
): Lifecycle<State, Transition, Terminal> {
  const timeouts: Partial<Record<State, Timeout<State>>> = {};
  for (const [state, timeout] of Object.entries(definition.timeouts) as [State, State | Timeout<State>][])
    timeouts[state] = typeof timeout === 'string' ? { to: timeout, after: 'expires_at' } : timeout;
  const made: Lifecycle<State, Transition, Terminal> = { ...definition, timeouts };
  check(made);
  return made;
}

function check(made: Lifecycle): void {
  const refuse = (fault: string): never => {
    throw new InvalidLifecycle(made.approval, fault);
  };
  const timeouts = Object.entries(made.timeouts) as [string, Timeout<string>][];
  const ways = [
    ...Object.entries(made.transitions).flatMap(([name, { from, to }]) =>
      from.map((each) => ({ name, from: each, to })),
    ),
    ...timeouts.map(([from, { to }]) => ({ name: 'timeout', from, to })),
  ];
  const names = [
    made.approval,
    ...made.states,
    ...Object.keys(made.transitions),
    ...timeouts.map(([, { after }]) => after),
  ];
  for (const name of names) if (!/^[a-z][a-z_]*$/.test(name)) refuse(`${name} is no plain name`);
  if ('lapse' in made.transitions) refuse('lapse is the name of what time does, not of a transition');

  for (const state of [made.initial, ...made.terminal, ...ways.flatMap(({ from, to }) => [from, to])])
    if (!made.states.includes(state)) refuse(`unknown state ${state}`);
  for (const way of ways) if (made.terminal.includes(way.from)) refuse(`${way.name} leads out of the end ${way.from}`);
  for (const state of made.states)
    if (!made.terminal.includes(state) && !ways.some((way) => way.from === state && way.to !== state))
      refuse(`${state} has no way out and is not an end`);

  const reached = new Set([made.initial]);
  for (const state of reached) for (const way of ways) if (way.from === state) reached.add(way.to);
  for (const state of made.states) if (!reached.has(state)) refuse(`${state} cannot be reached`);

  for (const [start] of timeouts) {
    const passed = new Set<string>();
    for (let state: string | undefined = start; state !== undefined; state = made.timeouts[state]?.to) {
      if (passed.has(state)) refuse(`the timeouts of ${start} run in a circle`);
      passed.add(state);
    }
  }
  checkRecall(made, refuse);
}

function checkRecall({ recall, transitions, terminal, states, initial }: Lifecycle, refuse: (fault: string) => never) {
  const rule = transitions[recall.transition];
  if (rule === undefined) return refuse(`a recall makes the unknown transition ${recall.transition}`);
  if (!terminal.includes(rule.to)) refuse(`a recall leads to ${rule.to}, which is not an end`);
  if (!recall.from.includes(initial)) refuse(`a recall does not lead out of ${initial}`);
  for (const state of recall.from) {
    if (!states.includes(state)) refuse(`a recall leads out of the unknown state ${state}`);
    if (terminal.includes(state)) refuse(`a recall leads out of the end ${state}`);
  }
}
