import { Statements } from '../../src/platform/database/statements';
import { isOpenState, type Lifecycle } from '../../src/approvals/lifecycle';
import { LifecycleEngine } from '../../src/approvals/lifecycle-engine';
import { prepareFor } from '../../src/approvals/prepare';
import { plantApproval } from './approvals';
import { openTestDataSource, type TestDataSource } from './test-data-source';

interface Stored {
  readonly status: string;
  readonly revision: number;
  readonly ended_at: Date | null;
  readonly ended_by: string | null;
  readonly [column: string]: unknown;
}

const byKey = 'tenant_id = :tenantId AND id = :id';
const past = `clock_timestamp() - interval '1 second'`;

/** Tries every transition in every state, every timeout before and after its time, and the chains of timeouts, on the real database. */
export function describeMatrix<State extends string, Transition extends string>(
  life: Lifecycle<State, Transition>,
): void {
  describe(`the life of a ${life.approval}`, () => {
    let database: TestDataSource;
    let engine: LifecycleEngine;
    beforeAll(async () => {
      database = await openTestDataSource();
      engine = new LifecycleEngine(new Statements(database.dataSource));
    });
    afterAll(() => database.close());

    const transitions = Object.keys(life.transitions) as Transition[];
    const prepare = prepareFor(life);
    const plans = Object.fromEntries(
      transitions.map((transition) => {
        const name = `matrix-${life.approval}-${transition}`;
        return [transition, prepare.transition({ name, where: byKey, transitions: [transition] })];
      }),
    );
    const recall = prepare.recall({ name: `matrix-${life.approval} recall`, where: byKey });
    const attempt = async (
      transition: Transition | 'a recall',
      state: string,
      columns: Record<string, string> = {},
    ) => {
      const key = await plantApproval(database.dataSource, life, state, columns);
      const read = async (): Promise<Stored> =>
        (
          await database.dataSource.query<Stored[]>(`SELECT * FROM ${life.approval} WHERE tenant_id = $1 AND id = $2`, [
            key.tenantId,
            key.id,
          ])
        )[0]!;
      const planted = await read();
      const outcome =
        transition === 'a recall'
          ? await engine.transition(recall, { ...key, actor: 'matrix', reason: 'tried', size: 1 })
          : await engine.transition(plans[transition]!, { ...key, actor: 'matrix' });
      const stored = await read();
      // A refusal leaves the row as it was, to the last column.
      if (outcome?.moved === false) expect(stored).toEqual(planted);
      const rows = await database.dataSource.query<{ transition: string; from: string; to: string; reason: string }[]>(
        `SELECT move AS transition, "from", "to", reason FROM history WHERE tenant_id = $1 AND approval = $2 ORDER BY seq`,
        [key.tenantId, key.id],
      );
      const history = rows.map(({ transition, from, to }) => ({ transition, from, to }));
      const reasons = rows.map(({ reason }) => reason);
      const by = outcome?.transition === 'lapse' ? 'clock' : 'matrix';
      if (outcome?.moved === true) expect(stored.ended_by).toBe(isOpenState(life, stored.status as State) ? null : by);
      return { outcome, stored, history, reasons };
    };

    describe.each(life.states)('%s', (state) => {
      it.each(transitions)('%s', async (transition) => {
        const { from, to } = life.transitions[transition];
        const allowed = from.includes(state);
        const { outcome, stored, history } = await attempt(transition, state);
        expect(outcome).toMatchObject({ before: state, after: allowed ? to : state, moved: allowed });
        expect(stored).toMatchObject({ status: allowed ? to : state, revision: allowed ? 1 : 0 });
        expect(history).toEqual(allowed ? [{ transition, from: state, to }] : []);
        const ends = allowed && !isOpenState(life, to);
        expect(stored.ended_at).toEqual(ends ? outcome!.at : null);
      });

      it('a recall', async () => {
        const { transition, from } = life.recall;
        const { to } = life.transitions[transition];
        const { outcome, stored, history, reasons } = await attempt('a recall', state);
        if (!from.includes(state)) {
          expect(outcome).toBeUndefined();
          return;
        }
        expect(outcome).toMatchObject({ before: state, after: to, moved: true, id: expect.any(String) });
        expect(outcome).toMatchObject({ endedAt: outcome!.at, endedBy: 'matrix' });
        expect(stored).toMatchObject({ status: to, revision: 1, ended_at: outcome!.at });
        expect(history).toEqual([{ transition, from: state, to }]);
        expect(reasons).toEqual(['tried']);
      });
    });

    const timeouts = life.states.flatMap((state) =>
      life.timeouts[state] ? [{ state, timeout: life.timeouts[state] }] : [],
    );
    describe.each(timeouts)('$state past $timeout.after', ({ state, timeout }) => {
      it.each(transitions)('%s', async (transition) => {
        const { from, to } = life.transitions[transition];
        const allowed = from.includes(timeout.to);
        const next = life.timeouts[timeout.to];
        const columns = {
          [timeout.after]: past,
          ...(next && next.after !== timeout.after && { [next.after]: notYet }),
        };
        const { outcome, stored, history } = await attempt(transition, state, columns);
        expect(outcome).toMatchObject({ before: timeout.to, after: allowed ? to : timeout.to, moved: allowed });
        expect(stored.status).toBe(allowed ? to : state);
        const written = [
          { transition: 'lapse', from: state, to: timeout.to },
          { transition, from: timeout.to, to },
        ];
        expect(history).toEqual(allowed ? written : []);
      });

      it('a recall', async () => {
        const { transition } = life.recall;
        const { to } = life.transitions[transition];
        const next = life.timeouts[timeout.to];
        const columns = { [timeout.after]: past, ...(next && { [next.after]: notYet }) };
        const { outcome, stored, history, reasons } = await attempt('a recall', state, columns);
        const lapse = { transition: 'lapse', from: state, to: timeout.to };
        if (isOpenState(life, timeout.to)) {
          expect(outcome).toMatchObject({ before: timeout.to, after: to, transition });
          expect(history).toEqual([lapse, { transition, from: timeout.to, to }]);
          expect(reasons).toEqual([null, 'tried']);
        } else {
          expect(outcome).toMatchObject({ before: timeout.to, after: timeout.to, transition: 'lapse' });
          expect(history).toEqual([lapse]);
          expect(reasons).toEqual([null]);
          expect(stored.ended_at).toEqual(stored[timeout.after]);
        }
      });
    });

    const chained = timeouts.filter(({ timeout }) => life.timeouts[timeout.to] !== undefined);
    if (chained.length === 0) return;
    describe.each(chained)('$state past all its timeouts', ({ state, timeout }) => {
      it.each(transitions)('%s', async (transition) => {
        const { from, to } = life.transitions[transition];
        const last = life.timeouts[timeout.to]!;
        const allowed = from.includes(last.to);
        const columns = { [timeout.after]: past, [last.after]: past };
        const { outcome, stored, history } = await attempt(transition, state, columns);
        expect(outcome).toMatchObject({ before: last.to, after: allowed ? to : last.to, moved: allowed });
        expect(stored.status).toBe(allowed ? to : state);
        const written = [
          { transition: 'lapse', from: state, to: last.to },
          { transition, from: last.to, to },
        ];
        expect(history).toEqual(allowed ? written : []);
      });
    });
  });
}

const notYet = `clock_timestamp() + interval '1 hour'`;
