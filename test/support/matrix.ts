import { Statements } from '../../src/platform/database/statements';
import { type Lifecycle } from '../../src/approvals/lifecycle';
import { LifecycleEngine, prepareMove } from '../../src/approvals/lifecycle-engine';
import { plantApproval } from './approvals';
import { openTestDataSource, type TestDataSource } from './test-data-source';

interface Stored {
  readonly status: string;
  readonly revision: number;
}

const byKey = 'tenant_id = :tenantId AND id = :id';
const past = `clock_timestamp() - interval '1 second'`;

/** Tries every move in every state, every lapse before and after its time, and the chains of lapses, on the real database. */
export function describeMatrix<State extends string, Move extends string>(life: Lifecycle<State, Move>): void {
  describe(`the life of a ${life.approval}`, () => {
    let database: TestDataSource;
    let engine: LifecycleEngine;
    beforeAll(async () => {
      database = await openTestDataSource();
      engine = new LifecycleEngine(new Statements(database.dataSource));
    });
    afterAll(() => database.close());

    const moves = Object.keys(life.moves) as Move[];
    const attempt = async (move: Move, state: string, columns: Record<string, string> = {}) => {
      const key = await plantApproval(database.dataSource, life, state, columns);
      const plan = prepareMove(life, { name: `matrix-${life.approval}-${move}`, where: byKey, moves: [move] });
      const read = async (): Promise<Stored> =>
        (
          await database.dataSource.query<Stored[]>(`SELECT * FROM ${life.approval} WHERE tenant_id = $1 AND id = $2`, [
            key.tenantId,
            key.id,
          ])
        )[0]!;
      const planted = await read();
      const outcome = await engine.move(plan, { ...key, actor: 'matrix' });
      const stored = await read();
      // A refusal leaves the row as it was, to the last column.
      if (outcome?.moved === false) expect(stored).toEqual(planted);
      const history = await database.dataSource.query<{ move: string; from: string; to: string }[]>(
        `SELECT move, "from", "to" FROM history WHERE tenant_id = $1 AND approval = $2 ORDER BY seq`,
        [key.tenantId, key.id],
      );
      return { outcome, stored, history };
    };

    describe.each(life.states)('%s', (state) => {
      it.each(moves)('%s', async (move) => {
        const { from, to } = life.moves[move];
        const allowed = from.includes(state);
        const { outcome, stored, history } = await attempt(move, state);
        expect(outcome).toMatchObject({ before: state, after: allowed ? to : state, moved: allowed });
        expect(stored).toMatchObject({ status: allowed ? to : state, revision: allowed ? 1 : 0 });
        expect(history).toEqual(allowed ? [{ move, from: state, to }] : []);
      });
    });

    const lapses = life.states.flatMap((state) => (life.lapses[state] ? [{ state, lapse: life.lapses[state] }] : []));
    describe.each(lapses)('$state past $lapse.after', ({ state, lapse }) => {
      it.each(moves)('%s', async (move) => {
        const { from, to } = life.moves[move];
        const allowed = from.includes(lapse.to);
        const next = life.lapses[lapse.to];
        const columns = { [lapse.after]: past, ...(next && next.after !== lapse.after && { [next.after]: notYet }) };
        const { outcome, stored, history } = await attempt(move, state, columns);
        expect(outcome).toMatchObject({ before: lapse.to, after: allowed ? to : lapse.to, moved: allowed });
        expect(stored.status).toBe(allowed ? to : state);
        const written = [
          { move: 'lapse', from: state, to: lapse.to },
          { move, from: lapse.to, to },
        ];
        expect(history).toEqual(allowed ? written : []);
      });
    });

    const chained = lapses.filter(({ lapse }) => life.lapses[lapse.to] !== undefined);
    if (chained.length === 0) return;
    describe.each(chained)('$state past all its timeouts', ({ state, lapse }) => {
      it.each(moves)('%s', async (move) => {
        const { from, to } = life.moves[move];
        const last = life.lapses[lapse.to]!;
        const allowed = from.includes(last.to);
        const columns = { [lapse.after]: past, [last.after]: past };
        const { outcome, stored, history } = await attempt(move, state, columns);
        expect(outcome).toMatchObject({ before: last.to, after: allowed ? to : last.to, moved: allowed });
        expect(stored.status).toBe(allowed ? to : state);
        const written = [
          { move: 'lapse', from: state, to: last.to },
          { move, from: last.to, to },
        ];
        expect(history).toEqual(allowed ? written : []);
      });
    });
  });
}

const notYet = `clock_timestamp() + interval '1 hour'`;
