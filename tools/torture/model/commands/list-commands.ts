import fc from "fast-check";

import { at } from "../at.ts";
import { groupFilter, index, personFilter } from "../arbitraries.ts";
import { resourcesIn } from "../compare.ts";
import type { Directory, Group, Person } from "../directory.ts";
import { type Filter, filterText, isMatch } from "../filters.ts";
import { reconcile } from "../department-changes.ts";
import { fold } from "../person-document.ts";
import { expectSame, type System } from "../system.ts";
import { defineCommand } from "./define-command.ts";

const idsOf = (resources: readonly (Person | Group)[]): string[] => resources.map(({ id }) => id);

async function compareFilter(
  directory: Directory,
  system: System,
  path: string,
  filter: Filter,
  resources: readonly (Person | Group)[],
): Promise<void> {
  const text = filterText(filter);
  const query = `${path}?count=200&attributes=id&filter=${encodeURIComponent(text)}`;
  const { status, body } = await system.scim("GET", query);
  expectSame(`status of ${path}?filter=${text}`, 200, status);
  const fitting = resources.filter((resource) => isMatch(filter, resource, directory));
  expectSame(
    `${path}?filter=${text}`,
    idsOf(fitting),
    resourcesIn(body).map(({ id }) => id),
  );
  expectSame(`totalResults of ${path}?filter=${text}`, fitting.length, body["totalResults"]);
}

export const filterPeople = defineCommand("filter people", personFilter, {
  play: (directory, system, filter) =>
    compareFilter(directory, system, "/Users", filter, directory.people),
});

export const filterGroups = defineCommand("filter groups", groupFilter, {
  play: (directory, system, filter) =>
    compareFilter(directory, system, "/Groups", filter, directory.groups),
});

/** Whether somebody is a member, as Entra asks before it changes a reference. */
export const referenceCheck = defineCommand(
  "reference check",
  fc.record({ group: index, member: index }),
  {
    isPossible: ({ people, groups }) => people.length > 0 && groups.length > 0,
    play(directory, system, { group, member }) {
      const [id, value] = [at(directory.groups, group).id, at(directory.people, member).id];
      const left = { kind: "compare", attribute: "id", operator: "eq", value: id } as const;
      const right = { kind: "compare", attribute: "members", operator: "eq", value } as const;
      const both = { kind: "and", left, right } as const;
      return compareFilter(directory, system, "/Groups", both, directory.groups);
    },
  },
);

const ORDERS = ["", "&sortBy=userName", "&sortBy=userName&sortOrder=descending"] as const;

/** Everybody, page by page, by index or by cursor: each once, in their order. */
export const page = defineCommand(
  "pages",
  fc.record({
    count: fc.integer({ min: 1, max: 4 }),
    by: fc.constantFrom("index", "cursor"),
    order: fc.constantFrom(...ORDERS),
  }),
  {
    async play({ people }, system, { count, by, order }) {
      const seen: unknown[] = [];
      let place: string | undefined = by === "index" ? "&startIndex=1" : "&cursor=";
      while (place !== undefined) {
        // oxlint-disable-next-line no-await-in-loop -- each page says where the next one begins
        const { status, body } = await system.scim(
          "GET",
          `/Users?attributes=id&count=${count}${order}${place}`,
        );
        expectSame("status of a page", 200, status);
        expectSame("totalResults of a page", people.length, body["totalResults"]);
        const ids = resourcesIn(body).map(({ id }) => id);
        expectSame("itemsPerPage", ids.length, body["itemsPerPage"]);
        seen.push(...ids);
        const { nextCursor } = body;
        const isLast = by === "index" ? ids.length < count : nextCursor === undefined;
        const next =
          by === "index" ? `startIndex=${seen.length + 1}` : `cursor=${String(nextCursor)}`;
        place = isLast || seen.length > people.length ? undefined : `&${next}`;
      }
      expectSame(`pages of ${count} by ${by}${order}`, idsOf(inOrder(people, order)), seen);
    },
  },
);

function inOrder(people: readonly Person[], order: (typeof ORDERS)[number]): readonly Person[] {
  if (order === "") return people;
  const sorted = people.toSorted((a, b) =>
    fold(a.document.userName) < fold(b.document.userName) ? -1 : 1,
  );
  return order === "&sortBy=userName" ? sorted : sorted.toReversed();
}

/** The cron trigger; the tenant's departments are reconciled, with no grace. */
export const cron = defineCommand("cron", fc.constant(null), {
  async play(directory, system) {
    reconcile(directory);
    await system.cron();
  },
});
