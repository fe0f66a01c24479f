import { benchPerson, departmentName, ENTERPRISE, externalIdOf, userNameOf, workEmailOf } from "./bench-person.ts";
import type { Budget, Operation } from "./budget.ts";
import { groupOf, join, leave, patch, post, put, remove, replace } from "./scim-requests.ts";
import { LARGE_NAME } from "./seed-directory.ts";
import type { SeedPlan } from "./seed-plan.ts";
import { seededId } from "./seeded-id.ts";
import { OTHER_DEPARTMENT, type Somebody, type Stage } from "./stage.ts";

const DEPARTMENT = `${ENTERPRISE}:department`;
const CHANGED = 10;

const changed = (written: number) => ({ trips: 2, read: 7, written });
const unchanged = (groups: number) => ({ trips: 1, read: 2 + 2 * groups, written: 0 });

/** A PATCH of somebody new. */
function patching(
  name: string,
  written: number,
  ...operations: readonly object[]
): Operation {
  return {
    name: `PATCH ${name}`,
    limit: changed(written),
    status: 200,
    request: async (stage) => patch(`/Users/${(await stage.somebody()).id}`, ...operations),
  };
}

function repeating(groups: number): Operation[] {
  const same = ({ fields }: Somebody) => benchPerson(fields);
  return [
    {
      name: `PUT, in ${groups} groups`,
      limit: unchanged(groups),
      status: 200,
      request: async (stage) => {
        const somebody = await stage.somebody(groups);
        return put(`/Users/${somebody.id}`, same(somebody));
      },
    },
    {
      name: `PATCH, in ${groups} groups`,
      limit: unchanged(groups),
      status: 200,
      request: async (stage) => {
        const somebody = await stage.somebody(groups);
        const { schemas: _schemas, ...attributes } = same(somebody);
        return patch(`/Users/${somebody.id}`, { op: "Replace", value: attributes });
      },
    },
  ];
}

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

/** What writes, by the table of budgets in the design. */
export const WRITE_BUDGETS: readonly Budget[] = [
  {
    rule: "create user: 1 round trip (2 on a KV miss), at most 6 read, at most 9 written (+ 1 for an assignment, + 2 for a new department)",
    operations: [
      {
        name: "without department",
        limit: { trips: 1, read: 6, written: 9 },
        status: 201,
        request: ({ stranger }) => post("/Users", benchPerson({ number: stranger().number })),
      },
      {
        name: "known department",
        limit: { trips: 1, read: 6, written: 9 + 1 },
        status: 201,
        request: ({ stranger }) => post("/Users", benchPerson(stranger())),
      },
      {
        name: "new department",
        limit: { trips: 1, read: 6, written: 9 + 1 + 2 },
        status: 201,
        request({ stranger }) {
          const { number } = stranger();
          return post("/Users", benchPerson({ number, department: departmentName(number) }));
        },
      },
      {
        name: "known department, on a KV miss",
        limit: { trips: 2, read: 6, written: 9 + 1 },
        status: 201,
        async request({ stranger, forgetTokens }) {
          await forgetTokens();
          return post("/Users", benchPerson(stranger()));
        },
      },
    ],
  },
  {
    rule: "PUT/PATCH user: 2 round trips, at most 7 read, at most 3 written; 5 for (de)activation or department; 10 when every key changes",
    operations: [
      patching("title", 3, replace("title", "Charge Nurse")),
      {
        name: "PUT title",
        limit: changed(3),
        status: 200,
        async request(stage) {
          const { id, fields } = await stage.somebody();
          return put(`/Users/${id}`, benchPerson({ ...fields, title: "Charge Nurse" }));
        },
      },
      patching("active: false", 5, replace("active", "False")),
      patching("department", 5, replace(DEPARTMENT, OTHER_DEPARTMENT)),
      {
        name: "PATCH every key at once",
        limit: changed(10),
        status: 200,
        async request(stage) {
          const { id } = await stage.somebody();
          const { number } = stage.stranger();
          return patch(
            `/Users/${id}`,
            replace("userName", userNameOf(number)),
            replace("externalId", externalIdOf(number)),
            replace("displayName", "Another Name"),
            replace('emails[type eq "work"].value', workEmailOf(number)),
            replace("active", "False"),
            replace(DEPARTMENT, OTHER_DEPARTMENT),
          );
        },
      },
      {
        name: "PUT every key at once",
        limit: changed(10),
        status: 200,
        async request(stage) {
          const { id } = await stage.somebody();
          const { number } = stage.stranger();
          const fields = { number, department: OTHER_DEPARTMENT, active: false };
          return put(`/Users/${id}`, benchPerson(fields));
        },
      },
    ],
  },
  {
    rule: "PUT/PATCH that changes nothing: 1 round trip, at most 2 + 2 × groups read",
    operations: [...repeating(0), ...repeating(3)],
  },
  {
    rule: "add or remove 1 member: at most 2 round trips, 9 read, 6 written; nothing new: 0 written",
    operations: [...membership("ten", "group of 10"), ...membership("large", "large group")],
  },
  {
    rule: "PUT of the large group: at most 1.01 × members read; nothing written, or 2 per join, 1 per leave, + 3",
    operations: [
      {
        name: "no change",
        limit: ({ large }: SeedPlan) => ({ read: Math.floor(1.01 * large), written: 0 }),
        status: 200,
        request: (stage) => putLarge(stage, 0),
      },
      {
        name: `${CHANGED} out, ${CHANGED} in`,
        limit: ({ large }: SeedPlan) => ({
          read: Math.floor(1.01 * large),
          written: 2 * CHANGED + CHANGED + 3,
        }),
        status: 200,
        request: (stage) => putLarge(stage, CHANGED),
      },
    ],
  },
  {
    rule: "DELETE user: at most 2 round trips, 6 read, 6 + 1 per membership written",
    operations: [0, 3].map(
      (groups): Operation => ({
        name: `user in ${groups} groups`,
        limit: { trips: 2, read: 6, written: 6 + groups },
        status: 204,
        request: async (stage) => remove(`/Users/${(await stage.somebody(groups)).id}`),
      }),
    ),
  },
];
