import fc, { type Arbitrary } from "fast-check";

import type { Directory } from "../directory.ts";
import type { System } from "../system.ts";
import type { Command, Counter } from "./define-command.ts";
import * as groups from "./group-commands.ts";
import * as hands from "./hand-commands.ts";
import * as lists from "./list-commands.ts";
import * as people from "./people-commands.ts";

/** How often each is chosen, of all that are. */
const WEIGHTS: readonly (readonly [number, (counter: Counter) => Arbitrary<Command>])[] = [
  [10, people.create],
  [8, people.createAgain],
  [8, people.enrol],
  [14, people.patch],
  [8, people.replace],
  [5, people.remove],
  [2, people.askGone],
  [9, groups.create],
  [14, groups.patch],
  [6, groups.replace],
  [4, groups.remove],
  [6, lists.filterPeople],
  [3, lists.filterGroups],
  [2, lists.referenceCheck],
  [3, lists.page],
  [4, hands.changePerson],
  [2, hands.createDepartment],
  [4, hands.assignPeople],
  [4, lists.cron],
];

export const MOST_COMMANDS = 50;

/** A story of up to 50 commands. */
export const anyStory = (
  counter: Counter,
): Arbitrary<Iterable<fc.AsyncCommand<Directory, System>>> =>
  fc.commands(
    [fc.oneof(...WEIGHTS.map(([weight, command]) => ({ weight, arbitrary: command(counter) })))],
    { maxCommands: MOST_COMMANDS, size: "max" },
  );
