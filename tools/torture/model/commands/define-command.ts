import type { Arbitrary, AsyncCommand } from "fast-check";

import { compareDepartments, compareLists } from "../compare.ts";
import type { Directory, Group, Person } from "../directory.ts";
import { expectSame, type ModelAnswer, type System } from "../system.ts";

export type Command = AsyncCommand<Directory, System>;

/** How many commands were played, those of shrinking included. */
export interface Counter {
  played: number;
}

const STEPS_BETWEEN_DEPARTMENTS = 5;

/**
 * A kind of command: what it may say, whether it means anything here, and how it is played in both. After each the
 * lists are compared as a whole, and now and then the departments.
 */
export function defineCommand<Fields>(
  kind: string,
  fields: Arbitrary<Fields>,
  {
    isPossible = () => true,
    play,
  }: {
    isPossible?: (directory: Readonly<Directory>, fields: Fields) => boolean;
    play: (directory: Directory, system: System, fields: Fields) => Promise<void>;
  },
): (counter: Counter) => Arbitrary<Command> {
  return (counter) =>
    fields.map((said) => ({
      check: (directory) => isPossible(directory, said),
      async run(directory, system) {
        counter.played += 1;
        directory.now += 1;
        await play(directory, system, said);
        await compareLists(directory, system);
        if (directory.now % STEPS_BETWEEN_DEPARTMENTS === 0)
          await compareDepartments(directory, system);
      },
      toString: () => `${kind} ${JSON.stringify(said)}`,
    }));
}

export const hasPeople = ({ people }: Readonly<Directory>): boolean => people.length > 0;
export const hasGroups = ({ groups }: Readonly<Directory>): boolean => groups.length > 0;

/** The status, and the body of an error: RFC 7644 §3.12. */
export function compareStatus(
  what: string,
  outcome: { readonly status: number; readonly scimType?: string },
  { status, body }: ModelAnswer,
): void {
  const wanted = [outcome.status, outcome.scimType];
  const found = outcome.scimType === undefined ? [status, undefined] : [status, body["scimType"]];
  if (status !== outcome.status)
    expectSame(`status of ${what} (${JSON.stringify(body)})`, outcome.status, status);
  expectSame(`status and scimType of ${what}`, wanted, found);
}

/** The id of what was made: as yet nobody's. */
export function takeId(
  directory: Directory,
  resource: Person | Group,
  { body }: ModelAnswer,
): void {
  const id = String(body["id"]);
  const known = [...directory.people, ...directory.groups].some((other) => other.id === id);
  const wasKnown = directory.gone.some(({ path }) => path.endsWith(`/${id}`));
  expectSame("whether the id of a new resource was given before", false, known || wasKnown);
  resource.id = id;
}
