import { externalIdOf, userNameOf, workEmailOf } from "./bench-person.ts";
import type { Budget, Operation } from "./budget.ts";
import { moveCursor } from "./move-cursor.ts";
import type { BenchRequest } from "./open-client.ts";
import { find, get } from "./scim-requests.ts";
import { LARGE_NAME } from "./seed-directory.ts";
import { deepPosition } from "./seed-plan.ts";
import { seededId } from "./seeded-id.ts";
import type { Stage } from "./stage.ts";

const NOBODY = "9999999999";
const WITHOUT_MEMBERS = "&excludedAttributes=members";

/** D1 bills a membership, its group, and the step behind the last membership (docs/decisions/008). */
export const rowsOfGroups = (groups: number): number => (groups === 0 ? 0 : 2 * groups + 1);

const read = (rows: number) => ({ trips: 1, read: rows, written: 0 });

function byKey(key: string, filterOf: (number: string) => string): Operation[] {
  return [
    {
      name: `${key}, found, in 2 groups`,
      limit: read(4 + rowsOfGroups(2)),
      status: 200,
      request: async (stage) => find("/Users", filterOf((await stage.somebody(2)).fields.number)),
    },
    {
      name: `${key}, not found`,
      limit: read(4),
      status: 200,
      request: () => find("/Users", filterOf(NOBODY)),
    },
  ];
}

const byName = (name: string) => find("/Groups", `displayName eq "${name}"`, WITHOUT_MEMBERS);

function page(cursor: string, query: string): BenchRequest {
  return get(`/Users?count=100&cursor=${encodeURIComponent(cursor)}${query}`);
}

/** The page behind the person before the 90 % mark. */
async function deepPage({ scim, plan }: Stage, query: string): Promise<BenchRequest> {
  const { text } = await scim.send(page("", query));
  return page(moveCursor(text, seededId("person", deepPosition(plan) - 1)), query);
}

/** What reads, by the table of budgets in the design. */
export const READ_BUDGETS: readonly Budget[] = [
  {
    rule: "GET by id: 1 round trip, at most 2 + 2 × the user's groups read, and 1 where there are any",
    operations: [
      ...[0, 3].map((groups): Operation => ({
        name: `user in ${groups} groups`,
        limit: read(2 + rowsOfGroups(groups)),
        status: 200,
        request: async (stage) => get(`/Users/${(await stage.somebody(groups)).id}`),
      })),
      {
        name: "large group, `excludedAttributes=members`",
        limit: read(2),
        status: 200,
        request: ({ groups }) => get(`/Groups/${groups.large}?excludedAttributes=members`),
      },
      {
        name: "large group with its members (no budget)",
        limit: {},
        status: 200,
        request: ({ groups }) => get(`/Groups/${groups.large}`),
      },
    ],
  },
  {
    rule: "filter `eq` on a key: 1 round trip, at most 4 + 2 × groups read, and 1 where there are any",
    operations: [
      ...byKey("userName", (number) => `userName eq "${userNameOf(number)}"`),
      ...byKey("externalId", (number) => `externalId eq "${externalIdOf(number)}"`),
      ...byKey(
        "work email",
        (number) => `emails[type eq "work"].value eq "${workEmailOf(number)}"`,
      ),
      {
        name: "large group's displayName, found, without members",
        limit: read(4),
        status: 200,
        request: () => byName(LARGE_NAME),
      },
      {
        name: "group displayName, not found",
        limit: read(4),
        status: 200,
        request: () => byName("Nobody"),
      },
    ],
  },
  {
    rule: "page of 100 users by cursor, total included: 1 round trip, at most 105 + 2 × the memberships on it read, and 1 for each person who has any (one person more is read than shown)",
    operations: [
      {
        name: "first page, without groups",
        limit: read(105),
        status: 200,
        request: () => page("", "&excludedAttributes=groups"),
      },
      {
        name: "page at 90 %, without groups",
        limit: read(105),
        status: 200,
        request: (stage) => deepPage(stage, "&excludedAttributes=groups"),
      },
      {
        name: "first page, each in one group",
        limit: read(105 + 101 * rowsOfGroups(1)),
        status: 200,
        request: () => page("", ""),
      },
      {
        name: "page at 90 %, each in one group",
        limit: read(105 + 101 * rowsOfGroups(1)),
        status: 200,
        request: (stage) => deepPage(stage, ""),
      },
    ],
  },
];
