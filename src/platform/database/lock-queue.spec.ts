import { Slots } from './lock-queue';

const anHour = (): number => performance.now() + 3_600_000;
const refused = (): Error => new Error('refused');

describe('Slots', () => {
  /** Takes a slot until it is let go. */
  const hold = (slots: Slots, until = anHour()): { readonly begun: Promise<void>; readonly end: () => void } => {
    let end = (): void => undefined;
    const held = new Promise<void>((resolve) => (end = resolve));
    const begun = new Promise<void>((resolve, reject) => {
      const work = (): Promise<void> => {
        resolve();
        return held;
      };
      slots.use(until, work, refused).catch(reject);
    });
    return { begun, end };
  };

  it('let so many in at once, and the others in their order as these leave', async () => {
    const slots = new Slots(2);
    const order: number[] = [];
    const [first, second, third, fourth] = [hold(slots), hold(slots), hold(slots), hold(slots)];
    void third.begun.then(() => order.push(3));
    void fourth.begun.then(() => order.push(4));
    await Promise.all([first.begun, second.begun]);
    expect(order).toEqual([]);
    second.end();
    await third.begun;
    first.end();
    await fourth.begun;
    expect(order).toEqual([3, 4]);
  });

  it('refuse at once a caller for which the queue has no room', async () => {
    const slots = new Slots(1, 1);
    const [first, second] = [hold(slots), hold(slots)];
    await expect(hold(slots).begun).rejects.toThrow('refused');
    first.end();
    await second.begun;
  });

  it('refuse a caller whose turn does not come in time, and give the slot to the next', async () => {
    const slots = new Slots(1);
    const first = hold(slots);
    const impatient = hold(slots, performance.now());
    const patient = hold(slots);
    await expect(impatient.begun).rejects.toThrow('refused');
    first.end();
    await patient.begun;
  });

  it('are free again after work that fails', async () => {
    const slots = new Slots(1);
    await expect(slots.use(anHour(), () => Promise.reject(new Error('failed')), refused)).rejects.toThrow('failed');
    expect(slots.isUnused).toBe(true);
  });
});
