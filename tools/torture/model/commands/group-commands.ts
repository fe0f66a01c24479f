import fc, { type Arbitrary } from "fast-check";

import { DEPARTMENTS, index } from "../arbitraries.ts";
import { at } from "../at.ts";
import { compareByGet, compareOne, expectGone, pathOf } from "../compare.ts";
import type { Directory, Group } from "../directory.ts";
import {
  createGroup,
  deleteGroup,
  type GroupChange,
  patchGroup,
  replaceGroup,
} from "../group-changes.ts";
import { known, members, type Named, named, resolve, type Resolved } from "../named-members.ts";
import type { System } from "../system.ts";
import { compareStatus, defineCommand, hasGroups, takeId } from "./define-command.ts";
import { condition, headersFor, PATCH_OP } from "./people-commands.ts";

const GROUP_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Group";
const NAMES = [...DEPARTMENTS, "Staff"];
const STALE = { status: 412 } as const;

const name = fc.constantFrom(...NAMES);
const maybeName = fc.option(name, { nil: undefined, freq: 20 });
const externalId = fc.option(fc.constantFrom("g1", "g2", "g3"), { nil: undefined, freq: 1 });

const bodyOf = (
  displayName: string | undefined,
  external: string | undefined,
  resolved: readonly Resolved[],
) => ({
  schemas: [GROUP_SCHEMA],
  displayName,
  externalId: external,
  members: resolved.map(({ id }) => ({ value: id, $ref: null, display: null })),
});

export const create = defineCommand(
  "POST /Groups",
  fc.record({ displayName: maybeName, externalId, members }),
  {
    async play(directory, system, { displayName, externalId: external, members: who }) {
      const resolved = resolve(directory, who);
      const outcome = createGroup(directory, {
        displayName,
        externalId: external,
        members: known(resolved),
      });
      const answer = await system.scim("POST", "/Groups", bodyOf(displayName, external, resolved));
      compareStatus("POST /Groups", outcome, answer);
      if (!("group" in outcome)) return;
      takeId(directory, outcome.group, answer);
      compareOne(directory, outcome.group, "POST /Groups", answer);
      await compareByGet(directory, system, outcome.group);
    },
  },
);

export const replace = defineCommand(
  "PUT /Groups",
  fc.record({ which: index, displayName: maybeName, externalId, members, condition }),
  {
    isPossible: (directory, { displayName, condition: chosen }) =>
      hasGroups(directory) && !(displayName === undefined && chosen === "wrong"),
    async play(directory, system, said) {
      const group = at(directory.groups, said.which);
      const path = pathOf(group);
      const headers = headersFor(said.condition, group.version);
      const resolved = resolve(directory, said.members, group);
      const given = {
        displayName: said.displayName,
        externalId: said.externalId,
        members: known(resolved),
      };
      const outcome = said.condition === "wrong" ? STALE : replaceGroup(directory, group, given);
      const body = bodyOf(said.displayName, said.externalId, resolved);
      const answer = await system.scim("PUT", path, body, headers);
      compareStatus(`PUT ${path}`, outcome, answer);
      if (outcome.status === 200) compareOne(directory, group, `PUT ${path}`, answer);
      await compareByGet(directory, system, group);
    },
  },
);

type Said =
  | { readonly kind: "join" | "leave" | "set members"; readonly members: readonly Named[] }
  | Extract<GroupChange, { kind: "clear members" | "rename" | "external id" }>;

const said: Arbitrary<Said> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom("join", "join", "leave", "set members"),
      members: fc.array(named, { minLength: 1, maxLength: 3 }),
    }),
  },
  fc.constant({ kind: "clear members" as const }),
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("rename" as const),
      displayName: fc.option(name, { nil: null, freq: 10 }),
    }),
  },
  fc.record({
    kind: fc.constant("external id" as const),
    externalId: fc.option(fc.constantFrom("g1", "g2"), { nil: null, freq: 2 }),
  }),
);

/** A change as Entra or as Okta writes it. */
function operationsOf(
  group: Group,
  change: Said,
  resolved: readonly Resolved[],
  okta: boolean,
): unknown[] {
  const op = (text: string) => (okta ? text : text[0]?.toUpperCase() + text.slice(1));
  const value = resolved.map(({ id }) =>
    okta ? { value: id, display: "x" } : { $ref: null, value: id },
  );
  switch (change.kind) {
    case "join":
      return [{ op: op("add"), path: "members", value }];
    case "leave":
      return okta
        ? resolved.map(({ id }) => ({ op: "remove", path: `members[value eq "${id}"]` }))
        : [{ op: "Remove", path: "members", value }];
    case "set members":
      return okta
        ? [{ op: "replace", value: { members: value } }]
        : [{ op: "Replace", path: "members", value }];
    case "clear members":
      return [{ op: op("remove"), path: "members" }];
    case "rename":
      return okta
        ? [{ op: "replace", value: { id: group.id, displayName: change.displayName } }]
        : [{ op: "Replace", path: "displayName", value: change.displayName }];
    case "external id":
      return [{ op: op("replace"), path: "externalId", value: change.externalId }];
  }
}

export const patch = defineCommand(
  "PATCH /Groups",
  fc.record({
    which: index,
    changes: fc.array(said, { minLength: 1, maxLength: 3 }),
    okta: fc.boolean(),
    condition,
  }),
  {
    isPossible: (directory, { changes, condition: chosen }) =>
      hasGroups(directory) &&
      !(chosen === "wrong" && changes.some((one) => one.kind === "rename" && !one.displayName)),
    async play(directory, system, { which, changes, okta, condition: chosen }) {
      const group = at(directory.groups, which);
      const path = pathOf(group);
      const headers = headersFor(chosen, group.version);
      const resolved = changes.map((one) =>
        "members" in one ? resolve(directory, one.members, group) : [],
      );
      const meant = changes.map((one, place): GroupChange =>
        "members" in one ? { kind: one.kind, members: known(resolved[place] ?? []) } : one,
      );
      const body = {
        schemas: [PATCH_OP],
        Operations: changes.flatMap((one, place) =>
          operationsOf(group, one, resolved[place] ?? [], okta),
        ),
      };
      const outcome = chosen === "wrong" ? STALE : patchGroup(directory, group, meant);
      const answer = await system.scim("PATCH", path, body, headers);
      compareStatus(`PATCH ${path}`, outcome, answer);
      await compareByGet(directory, system, group);
      await comparePeopleOf(directory, system, group);
    },
  },
);

const MOST_PEOPLE = 2;

async function comparePeopleOf(directory: Directory, system: System, group: Group): Promise<void> {
  for (const member of [...group.members.keys()].slice(0, MOST_PEOPLE)) {
    // oxlint-disable-next-line no-await-in-loop -- a few, in an order that a reader can follow
    await compareByGet(directory, system, member);
  }
}

export const remove = defineCommand("DELETE /Groups", fc.record({ which: index, condition }), {
  isPossible: hasGroups,
  async play(directory, system, { which, condition: chosen }) {
    const group = at(directory.groups, which);
    const headers = headersFor(chosen, group.version);
    const path = pathOf(group);
    const outcome = chosen === "wrong" ? STALE : deleteGroup(directory, group);
    const answer = await system.scim("DELETE", path, undefined, headers);
    compareStatus(`DELETE ${path}`, outcome, answer);
    if (outcome.status === 204) await expectGone(system, path);
  },
});
