import { Watches } from './watches';

const never = 2_000_000_000;

describe('Watches', () => {
  it('notify the waiters of the topic, and no others', async () => {
    const watches = new Watches();
    const [watch, other] = [watches.add('a'), watches.add('b')];
    const order: string[] = [];
    const waits = [watch.next(never).then(() => order.push('a')), other.next(never).then(() => order.push('b'))];
    watches.notify('a');
    await waits[0];
    watches.notify('b');
    await waits[1];
    expect(order).toEqual(['a', 'b']);
  });

  it('remember a notice that came while none waited, once', async () => {
    const watch = new Watches().add('a');
    watch.notify();
    watch.notify();
    await watch.next(never);
    const again = watch.next(0);
    await expect(again).resolves.toBeUndefined();
  });

  it('forget a watch that is closed', async () => {
    const watches = new Watches();
    const watch = watches.add('a');
    const waiting = watch.next(never);
    watch.close();
    await waiting;
    expect(watches.size).toBe(0);
  });

  it('notify all at once', async () => {
    const watches = new Watches();
    const waits = ['a', 'b', 'b'].map((topic) => watches.add(topic).next(never));
    watches.notifyAll();
    await Promise.all(waits);
    expect(watches.size).toBe(3);
  });
});
