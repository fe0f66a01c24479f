import { benchPerson, departmentName, numberText, type PersonFields } from "./bench-person.ts";
import type { BenchClient } from "./open-client.ts";
import type { SeededGroups } from "./seed-directory.ts";
import type { SeedPlan } from "./seed-plan.ts";
import { created } from "./seeding-target.ts";

export interface Somebody {
  readonly id: string;
  readonly fields: PersonFields;
}

/** A filled tenant, and ways to prepare what a request needs. What they do is not measured. */
export interface Stage {
  readonly plan: SeedPlan;
  readonly groups: SeededGroups;
  readonly scim: BenchClient;
  /** Somebody who is nowhere a member. */
  readonly guest: Somebody;
  /** The fields of somebody whom nobody knows yet, in a department that people have. */
  readonly stranger: () => PersonFields;
  /** Creates somebody, in so many groups of their own. */
  readonly somebody: (groups?: number) => Promise<Somebody>;
  /** A token that neither KV nor the memory of the Worker has seen. */
  readonly unseenToken: () => Promise<string>;
}

/** Names of departments that the seed has. */
export const KNOWN_DEPARTMENT = departmentName(numberText(0));
export const OTHER_DEPARTMENT = departmentName(numberText(1));
/** Beyond every seeded number. */
const FIRST_STRANGER = 5_000_000_000;

export async function setStage(
  scim: BenchClient,
  unseenToken: () => Promise<string>,
  plan: SeedPlan,
  groups: SeededGroups,
): Promise<Stage> {
  let strangers = 0;
  const stranger = (): PersonFields => ({
    number: numberText(FIRST_STRANGER + ++strangers),
    department: KNOWN_DEPARTMENT,
  });
  async function somebody(groups = 0): Promise<Somebody> {
    const fields = stranger();
    const id = await created({ scim }, "/Users", benchPerson(fields));
    for (let at = 1; at <= groups; at++) {
      const displayName = `Group ${at} of ${fields.number}`;
      // oxlint-disable-next-line no-await-in-loop -- one writer at a time
      await created({ scim }, "/Groups", { displayName, members: [{ value: id }] });
    }
    return { id, fields };
  }
  return {
    plan,
    groups,
    scim,
    guest: await somebody(),
    stranger,
    somebody,
    unseenToken,
  };
}
