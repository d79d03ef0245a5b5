/** One call that waits for news. */
export class Watch {
  private notified = false;
  private notifyWaiter: (() => void) | undefined;

  constructor(private readonly end: (watch: Watch) => void) {}

  /**
   * Waits until this was notified since the last `next` (or the beginning), at most so long.
   * Being notified says only that it is worth looking again.
   */
  next(withinMs: number): Promise<void> {
    if (this.notified) {
      this.notified = false;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.notify();
      }, withinMs);
      this.notifyWaiter = () => {
        clearTimeout(timer);
        this.notified = false;
        this.notifyWaiter = undefined;
        resolve();
      };
    });
  }

  notify(): void {
    this.notified = true;
    this.notifyWaiter?.();
  }

  close(): void {
    this.notify();
    this.end(this);
  }
}

/** Those who wait on this node, by topic. */
export class Watches {
  private readonly byTopic = new Map<string, Set<Watch>>();

  add(topic: string): Watch {
    const watch: Watch = new Watch((ended) => {
      this.remove(topic, ended);
    });
    const others = this.byTopic.get(topic);
    if (others === undefined) this.byTopic.set(topic, new Set([watch]));
    else others.add(watch);
    return watch;
  }

  notify(topic: string): void {
    for (const watch of this.byTopic.get(topic) ?? []) watch.notify();
  }

  notifyAll(): void {
    for (const topic of this.byTopic.keys()) this.notify(topic);
  }

  /** The watched topics of this beginning, or all. */
  topics(beginning = ''): string[] {
    return [...this.byTopic.keys()].filter((topic) => topic.startsWith(beginning));
  }

  get size(): number {
    return [...this.byTopic.values()].reduce((sum, { size }) => sum + size, 0);
  }

  private remove(topic: string, watch: Watch): void {
    const others = this.byTopic.get(topic);
    others?.delete(watch);
    if (others?.size === 0) this.byTopic.delete(topic);
  }
}
