/** Whose work it is, and how urgent. */
export interface Turn {
  /** Owners are served in turn, each in the order of its own requests. */
  readonly owner: string;
  /** Urgent work goes ahead of all that is not. */
  readonly urgent: boolean;
}

/** Holds what waits, so that no owner's many requests delay another's few by more than one. */
export class FairQueue<Item> {
  /** A Map keeps its keys in order: the first owner is the one that has waited longest for its turn. */
  private readonly urgent = new Map<string, Item[]>();
  private readonly ordinary = new Map<string, Item[]>();

  add({ owner, urgent }: Turn, item: Item): void {
    const owners = urgent ? this.urgent : this.ordinary;
    const items = owners.get(owner);
    if (items === undefined) owners.set(owner, [item]);
    else items.push(item);
  }

  /** Takes out the next; undefined where nothing waits. */
  take(): Item | undefined {
    return takeFrom(this.urgent) ?? takeFrom(this.ordinary);
  }
}

function takeFrom<Item>(owners: Map<string, Item[]>): Item | undefined {
  for (const [owner, items] of owners) {
    const item = items.shift();
    owners.delete(owner);
    if (items.length > 0) owners.set(owner, items);
    return item;
  }
  return undefined;
}
