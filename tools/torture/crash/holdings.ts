/** Somebody whom one writer alone writes. */
export interface Person {
  readonly userName: string;
  readonly displayName: string;
  readonly active: boolean;
  readonly department: string | null;
  readonly version: number;
  /** Labels of the groups that the person is a member of. */
  readonly groups: ReadonlySet<string>;
}

export interface Group {
  readonly displayName: string;
  /** Undefined for a shared group: others let people join it too. */
  readonly version: number | undefined;
}

/**
 * What a writer has in the directory, by labels that never change and never come back (the `externalId`). Nobody else
 * touches it, so that it is known at any moment; a change makes new holdings and leaves the old ones as they are.
 */
export interface Holdings {
  readonly people: ReadonlyMap<string, Person>;
  readonly groups: ReadonlyMap<string, Group>;
}

export const NO_HOLDINGS: Holdings = { people: new Map(), groups: new Map() };

export function withPerson(holdings: Holdings, label: string, person: Person): Holdings {
  return { ...holdings, people: new Map(holdings.people).set(label, person) };
}

/** A request about somebody: their version rises when it changes anything. */
export function withChange(
  holdings: Holdings,
  label: string,
  change: Partial<Pick<Person, "userName" | "displayName" | "active" | "department">>,
): Holdings {
  const before = personOf(holdings, label);
  const after = { ...before, ...change };
  const same = (["userName", "displayName", "active", "department"] as const).every(
    (name) => before[name] === after[name],
  );
  return same ? holdings : withPerson(holdings, label, { ...after, version: before.version + 1 });
}

/** Groups keep their version when a member is deleted. */
export function withoutPerson(holdings: Holdings, label: string): Holdings {
  const people = new Map(holdings.people);
  people.delete(label);
  return { ...holdings, people };
}

export function withGroup(holdings: Holdings, label: string, displayName: string): Holdings {
  return { ...holdings, groups: new Map(holdings.groups).set(label, { displayName, version: 1 }) };
}

/** One request about a group: its version rises when the name or a membership changes. */
export function withGroupChange(
  holdings: Holdings,
  label: string,
  change: { displayName?: string; joining?: readonly string[]; leaving?: readonly string[] },
): Holdings {
  const group = holdings.groups.get(label);
  const people = new Map(holdings.people);
  const joining = (change.joining ?? []).filter((name) => !isMember(holdings, label, name));
  const leaving = (change.leaving ?? []).filter((name) => isMember(holdings, label, name));
  for (const name of [...joining, ...leaving]) {
    const person = personOf(holdings, name);
    const groups = new Set(person.groups);
    if (leaving.includes(name)) groups.delete(label);
    else groups.add(label);
    people.set(name, { ...person, groups });
  }
  // A group that another writer names.
  if (group === undefined) return { ...holdings, people };
  const displayName = change.displayName ?? group.displayName;
  const changes = joining.length + leaving.length > 0 || displayName !== group.displayName;
  const version = group.version === undefined || !changes ? group.version : group.version + 1;
  return { people, groups: new Map(holdings.groups).set(label, { displayName, version }) };
}

export function withoutGroup(holdings: Holdings, label: string): Holdings {
  const groups = new Map(holdings.groups);
  groups.delete(label);
  const people = [...holdings.people].map(([name, person]): [string, Person] => [
    name,
    { ...person, groups: new Set([...person.groups].filter((group) => group !== label)) },
  ]);
  return { people: new Map(people), groups };
}

export function personOf({ people }: Holdings, label: string): Person {
  const person = people.get(label);
  if (person === undefined) throw new Error(`There is no ${label} in these holdings.`);
  return person;
}

export const membersOf = ({ people }: Holdings, group: string): string[] =>
  [...people].filter(([, person]) => person.groups.has(group)).map(([label]) => label);

const isMember = ({ people }: Holdings, group: string, label: string): boolean =>
  people.get(label)?.groups.has(group) === true;
