/**
 * Tells whether two items wait for each other in a circle, directly or by way of others. An item that waits for itself is
 * in a circle with itself.
 */
export function findCircles<Item>(
  blockersOf: (item: Item) => Iterable<Item>,
): (one: Item, other: Item) => boolean {
  const known = new Map<Item, ReadonlySet<Item>>();
  const reachedFrom = (item: Item): ReadonlySet<Item> => {
    const reached = known.get(item) ?? reach(item, blockersOf);
    known.set(item, reached);
    return reached;
  };
  return (one, other) => reachedFrom(one).has(other) && reachedFrom(other).has(one);
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
