import {
  benchPerson,
  departmentName,
  ENTERPRISE,
  externalIdOf,
  userNameOf,
  workEmailOf,
} from "./bench-person.ts";
import type { Budget, Operation } from "./budget.ts";
import { rowsOfGroups } from "./read-budgets.ts";
import { patch, post, put, remove, replace } from "./scim-requests.ts";
import { OTHER_DEPARTMENT, type Somebody } from "./stage.ts";

const DEPARTMENT = `${ENTERPRISE}:department`;

const changed = (written: number) => ({ trips: 2, read: 7, written });
const unchanged = (groups: number) => ({ trips: 1, read: 2 + rowsOfGroups(groups), written: 0 });

/** A PATCH of somebody new. */
function patching(name: string, written: number, ...operations: readonly object[]): Operation {
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

/** The memberships that go, and for the record that is kept each one again with its group and its department. */
const rowsLeft = (groups: number): number => (groups === 0 ? 0 : groups + 1 + 3 * groups + 1);

/** What writes people, by the table of budgets in the design. */
export const PERSON_BUDGETS: readonly Budget[] = [
  {
    rule: "create user: 1 round trip, at most 6 read (2 and 10 on a KV miss), at most 9 written (+ 1 for an assignment, + 2 for a new department)",
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
        limit: { trips: 2, read: 6 + 4, written: 9 + 1 },
        status: 201,
        request: async ({ stranger, unseenToken }) => ({
          ...post("/Users", benchPerson(stranger())),
          token: await unseenToken(),
        }),
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
    rule: "PUT/PATCH that changes nothing: 1 round trip, at most 2 + 2 × groups read, and 1 where there are any",
    operations: [...repeating(0), ...repeating(3)],
  },
  {
    rule: "DELETE user: at most 2 round trips, 6 read (and the memberships, their groups and departments), 6 + 1 per membership written",
    operations: [0, 3].map((groups): Operation => ({
      name: `user in ${groups} groups`,
      limit: { trips: 2, read: 6 + rowsLeft(groups), written: 6 + groups },
      status: 204,
      request: async (stage) => remove(`/Users/${(await stage.somebody(groups)).id}`),
    })),
  },
];
