/**
 * Tells whether two items wait for each other in a circle, directly or by way of others. An item that waits for itself is
 * in a circle with itself.
 */
export function findCircles<Item>(
  items: Iterable<Item>,
  blockersOf: (item: Item) => Iterable<Item>,
): (one: Item, other: Item) => boolean {
  const reached = new Map([...items].map((item) => [item, reach(item, blockersOf)]));
  const waits = (one: Item, other: Item) => reached.get(one)?.has(other) ?? false;
  return (one, other) => waits(one, other) && waits(other, one);
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
