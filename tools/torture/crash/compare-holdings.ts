import type { Group, Holdings, Person } from "./holdings.ts";

/** How what is there differs from what is expected: one sentence for each resource, none when nothing does. */
export function compareHoldings(expected: Holdings, actual: Holdings): string[] {
  return [
    ...compareMaps(expected.people, actual.people, personText),
    ...compareMaps(expected.groups, actual.groups, groupText),
  ];
}

/**
 * Which of the states that are allowed is there; of several the last one, which says the most. Undefined when it is none
 * of them.
 */
export const findState = (allowed: readonly Holdings[], actual: Holdings): number | undefined => {
  const at = allowed.findLastIndex((state) => compareHoldings(state, actual).length === 0);
  return at === -1 ? undefined : at;
};

function compareMaps<Item>(
  expected: ReadonlyMap<string, Item>,
  actual: ReadonlyMap<string, Item>,
  textOf: (item: Item) => string,
): string[] {
  const labels = [...new Set([...expected.keys(), ...actual.keys()])].toSorted();
  return labels.flatMap((label) => {
    const [before, after] = [expected.get(label), actual.get(label)].map((item) =>
      item === undefined ? "nothing" : textOf(item),
    );
    return before === after ? [] : [`${label}: expected ${before}, found ${after}`];
  });
}

const personText = ({ groups, ...person }: Person): string =>
  JSON.stringify([
    person.userName,
    person.displayName,
    person.active,
    person.department,
    person.version,
    [...groups].toSorted(),
  ]);

const groupText = ({ displayName, version }: Group): string =>
  JSON.stringify([displayName, version ?? null]);
