import { benchPerson, departmentName, numberText, userNameOf } from "./bench-person.ts";

/** How large the directory is that is provisioned. */
export interface WorkloadSize {
  readonly people: number;
  readonly groups: number;
}

/** Somebody of the directory as it is now. */
export interface WorkloadPerson {
  readonly number: number;
  readonly userName: string;
  readonly title: string;
  readonly active: boolean;
}

export interface WorkloadGroup {
  readonly displayName: string;
  /** Numbers of the people in it. */
  readonly members: readonly number[];
}

const DEPARTMENTS = 12;
const MEMBERS = 10;
/** One in fifty changes between two cycles, one in a hundred leaves. */
const CHANGED_EVERY = 50;
const LEFT_EVERY = 100;

export function workloadPeople({ people }: WorkloadSize): WorkloadPerson[] {
  return Array.from({ length: people }, (_, number) => ({
    number,
    userName: userNameOf(numberText(number)),
    title: "Registered Nurse",
    active: true,
  }));
}

/** As the directory is when the second cycle begins. */
export function afterAWhile(person: WorkloadPerson): WorkloadPerson {
  const title = person.number % CHANGED_EVERY === 1 ? "Charge Nurse" : person.title;
  return { ...person, title, active: person.active && person.number % LEFT_EVERY !== 2 };
}

export function workloadGroups({ people, groups }: WorkloadSize): WorkloadGroup[] {
  return Array.from({ length: groups }, (_, group) => ({
    displayName: `Workload Group ${group + 1}`,
    members: Array.from(
      { length: Math.min(MEMBERS, people) },
      (_, member) => (group * MEMBERS + member) % people,
    ),
  }));
}

/** The attributes that the identity provider keeps in step. */
export function documentOf({ number, title, active }: WorkloadPerson): Record<string, unknown> {
  return benchPerson({
    number: numberText(number),
    department: departmentName(numberText(number % DEPARTMENTS)),
    title,
    active,
  });
}
