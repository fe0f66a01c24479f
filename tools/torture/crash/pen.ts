import type { Random } from "../seeded-random.ts";
import type { Holdings } from "./holdings.ts";

/** What a writer writes with. */
export interface Pen {
  /** Begins every label and name of the writer's own, and those of nobody else. */
  readonly prefix: string;
  readonly random: Random;
  readonly holdings: Holdings;
  /** Labels of groups that everybody lets their people join. */
  readonly shared: readonly string[];
  idOf(label: string): string;
  /** One that never was there. */
  newLabel(kind: "p" | "g"): string;
}

export const USER_NAMES = 24;
const GROUP_NAMES = 6;
const DEPARTMENTS = ["Retail", "Küche", "Lager & Versand"];
const DISPLAY_NAMES = ["Ana Ruiz", "Bén O'Hara", "Çağla", "李雷", 'D "Dee" D'];

export const displayNameFor = ({ random }: Pen): string => random.pick(DISPLAY_NAMES) ?? "";

/** None is the name of a group: renaming that one would change the people too. */
export const departmentFor = ({ random }: Pen): string | null =>
  random.chance(20) ? null : (random.pick(DEPARTMENTS) ?? null);

/** A userName that nobody has now; it may have been somebody's. */
export function freeUserName({ prefix, random, holdings }: Pen): string | undefined {
  const taken = new Set([...holdings.people.values()].map(({ userName }) => userName));
  const names = Array.from({ length: USER_NAMES }, (_, at) => `${prefix}.n${at}@example.com`);
  return random.pick(names.filter((name) => !taken.has(name)));
}

export function freeGroupName({ prefix, random, holdings }: Pen): string | undefined {
  const taken = new Set([...holdings.groups.values()].map(({ displayName }) => displayName));
  const names = Array.from({ length: GROUP_NAMES }, (_, at) => `${prefix} Team ${at}`);
  return random.pick(names.filter((name) => !taken.has(name)));
}

export const someone = ({ random, holdings }: Pen): string | undefined =>
  random.pick([...holdings.people.keys()]);

/** One of the writer's own groups, the shared ones that it names included. */
export const ownGroup = ({ random, holdings }: Pen): string | undefined =>
  random.pick([...holdings.groups.keys()]);
