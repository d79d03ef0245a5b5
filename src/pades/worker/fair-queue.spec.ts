import { FairQueue } from './fair-queue';

describe('the fair queue', () => {
  const taken = (queue: FairQueue<string>): string[] => {
    const items: string[] = [];
    for (let item = queue.take(); item !== undefined; item = queue.take()) items.push(item);
    return items;
  };

  it('serves owners in turn, each in its own order', () => {
    const queue = new FairQueue<string>();
    for (const item of ['a1', 'a2', 'a3', 'b1', 'c1', 'b2']) queue.add({ owner: item.charAt(0), urgent: false }, item);
    expect(taken(queue)).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
  });

  it('serves urgent work first', () => {
    const queue = new FairQueue<string>();
    queue.add({ owner: 'a', urgent: false }, 'intake');
    queue.add({ owner: 'a', urgent: true }, 'signing');
    expect(taken(queue)).toEqual(['signing', 'intake']);
  });
});
