import type { Budget, Operation } from "./budget.ts";
import { groupOf, join, leave, put } from "./scim-requests.ts";
import { LARGE_NAME } from "./seed-directory.ts";
import type { SeedPlan } from "./seed-plan.ts";
import { seededId } from "./seeded-id.ts";
import type { Stage } from "./stage.ts";

const CHANGED = 10;
/** A small group has no room for the fence and the people who join in a hundredth of its members. */
const LEAST_ROOM = 150;

const roomFor = ({ large }: SeedPlan): number =>
  large + Math.max(LEAST_ROOM, Math.floor(large / 100));

function membership(group: "ten" | "large", name: string): Operation[] {
  const one = { trips: 2, read: 9, written: 6 };
  const nothing = { trips: 2, read: 9, written: 0 };
  const adding = ({ groups, guest }: Stage) => join(groups[group], guest.id);
  const removing = ({ groups, guest }: Stage) => leave(groups[group], guest.id);
  return [
    { name: `add 1 member, ${name}`, limit: one, status: 204, request: adding },
    { name: `add the same again, ${name}`, limit: nothing, status: 204, request: adding },
    { name: `remove 1 member, ${name}`, limit: one, status: 204, request: removing },
    { name: `remove the same again, ${name}`, limit: nothing, status: 204, request: removing },
  ];
}

/** The large group, without its first members and with as many of those who were not in it. */
function putLarge({ groups, plan }: Stage, moved: number) {
  const members = Array.from({ length: plan.large }, (_, at) => seededId("person", at + moved));
  return put(`/Groups/${groups.large}`, groupOf(LARGE_NAME, members));
}

/** What writes groups, by the table of budgets in the design. */
export const GROUP_BUDGETS: readonly Budget[] = [
  {
    rule: "add or remove 1 member: at most 2 round trips, 9 read, 6 written; nothing new: 0 written",
    operations: [...membership("ten", "group of 10"), ...membership("large", "large group")],
  },
  {
    rule: "PUT of the large group: at most 1.01 × members read (members + 150 below 15,000); nothing written, or 2 per join, 2 per leave (1 where the group is no department), + 3",
    operations: [
      {
        name: "no change",
        limit: (plan) => ({ read: roomFor(plan), written: 0 }),
        status: 200,
        request: (stage) => putLarge(stage, 0),
      },
      {
        name: `${CHANGED} out, ${CHANGED} in`,
        limit: (plan) => ({ read: roomFor(plan), written: 2 * CHANGED + 2 * CHANGED + 3 }),
        status: 200,
        request: (stage) => putLarge(stage, CHANGED),
      },
    ],
  },
];
