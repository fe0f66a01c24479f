/**
 * The first member of a circle that waits for nothing outside itself. Expects that every one of `waiting` waits for
 * another of them, or for itself: then there is such a circle, and breaking it lets the others go on.
 */
export function firstOfCircle<Item>(
  waiting: readonly Item[],
  blockersOf: (item: Item) => ReadonlySet<Item>,
): Item | undefined {
  const blockers = new Map(waiting.map((item) => [item, blockersOf(item)]));
  const blocking = (item: Item) => blockers.get(item) ?? [];
  const blockedBy = (item: Item) => waiting.filter((other) => blockers.get(other)?.has(item));
  let circle: ReadonlySet<Item> = new Set();
  let [start] = waiting;
  while (start !== undefined) {
    const from = start;
    circle = reach(from, blocking);
    const returns = reach(from, blockedBy);
    // What leads on and does not come back is nearer to the end: each turn leaves a circle for good.
    start = [...circle].find((item) => !returns.has(item));
  }
  return waiting.find((item) => circle.has(item));
}

function reach<Item>(from: Item, next: (item: Item) => Iterable<Item>): Set<Item> {
  const reached = new Set<Item>();
  const open = [from];
  for (let item = open.pop(); item !== undefined; item = open.pop()) {
    for (const other of next(item)) {
      if (reached.has(other)) continue;
      reached.add(other);
      open.push(other);
    }
  }
  return reached;
}
