import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { issueToken, mintTenant, type MintedTenant } from "../mint-tenant.ts";
import { callWorker } from "../call-worker.ts";
import { ENTERPRISE, patchOf, type Answer, type Json, type ScimClient } from "../scim-client.ts";
import { rowsIn } from "../tenant-rows.ts";

interface Told {
  readonly seq: number;
  readonly row: Json;
  readonly diff: readonly Json[];
}

const journalOf = async ({ key }: MintedTenant): Promise<Told[]> =>
  (await rowsIn("changes", key))
    .map((row) => ({
      seq: Number(row["seq"]),
      row,
      diff: JSON.parse(String(row["diff"])) as Json[],
    }))
    .toSorted((a, b) => a.seq - b.seq);

const idsOf = (side: unknown): string[] => (side as { ids: string[] } | undefined)?.ids ?? [];

interface Replayed {
  readonly attributes: Map<string, unknown>;
  readonly members: Set<string>;
}

/** What the rows alone say is there, by its id. */
function replay(told: readonly Told[]): Map<string, Replayed> {
  const all = new Map<string, Replayed>();
  for (const { row, diff } of told) {
    const id = String(row["resource_id"]);
    if (row["outcome"] !== "applied" || !["User", "Group"].includes(String(row["resource_type"])))
      continue;
    if (row["operation"] === "delete") {
      all.delete(id);
      for (const { members } of all.values()) members.delete(id);
      continue;
    }
    const known = all.get(id) ?? { attributes: new Map(), members: new Set() };
    all.set(id, known);
    for (const { attribute, before, after, cut } of diff) {
      expect(cut).toBeUndefined();
      if (attribute === "members") {
        for (const member of idsOf(before)) expect(known.members.delete(member)).toBe(true);
        for (const member of idsOf(after)) known.members.add(member);
        continue;
      }
      // What was there before is what the rows before have said.
      expect(known.attributes.get(String(attribute))).toEqual(before);
      if (after === undefined) known.attributes.delete(String(attribute));
      else known.attributes.set(String(attribute), after);
    }
  }
  return all;
}

const OURS = ["schemas", "id", "meta", "groups", "members"];
function shown(body: Json): Map<string, unknown> {
  return new Map(
    Object.entries(body)
      .filter(([name]) => !OURS.includes(name))
      .flatMap(([name, value]) =>
        name === ENTERPRISE
          ? Object.entries(value as Json).map(([inner, one]): [string, unknown] => [
              `${name}:${inner}`,
              one,
            ])
          : [[name, value] as [string, unknown]],
      ),
  );
}

const byName = (map: ReadonlyMap<string, unknown>) => Object.fromEntries([...map].sort());

type Send = (scim: ScimClient, ids: readonly string[], n: number) => Promise<Answer>;
const person = (n: number): Json => ({
  userName: `u${n}`,
  ...(n % 2 === 0 && { title: `t${n % 3}` }),
  ...(n % 3 === 0 && { emails: [{ value: `u${n}@example.com`, type: "work" }] }),
  ...(n % 5 === 0 && { [ENTERPRISE]: { department: `d${n % 2}` } }),
});
const at = (ids: readonly string[], n: number): string =>
  ids[n % Math.max(1, ids.length)] ?? "none";
const named = (ids: readonly string[], n: number) => [
  { value: at(ids, n) },
  { value: at(ids, n + 1) },
];
const SENDS: readonly Send[] = [
  (scim, _ids, n) => scim.post("/Users", person(n)),
  (scim, ids, n) => scim.put(`/Users/${at(ids, n)}`, person(n + 1)),
  (scim, ids, n) =>
    scim.patch(
      `/Users/${at(ids, n)}`,
      patchOf(
        { op: "replace", path: "active", value: n % 2 === 0 },
        { op: "add", value: person(n) },
      ),
    ),
  (scim, ids, n) => scim.patch(`/Users/${at(ids, n)}`, patchOf({ op: "remove", path: "title" })),
  (scim, ids, n) => scim.delete(`/Users/${at(ids, n)}`),
  (scim, ids, n) => scim.post("/Groups", { displayName: `g${n % 4}`, members: named(ids, n) }),
  (scim, ids, n) =>
    scim.put(`/Groups/${at(ids, n)}`, { displayName: `g${n % 4}`, members: named(ids, n) }),
  (scim, ids, n) =>
    scim.patch(
      `/Groups/${at(ids, n)}`,
      patchOf({ op: "add", path: "members", value: named(ids, n) }),
    ),
  (scim, ids, n) =>
    scim.patch(
      `/Groups/${at(ids, n)}`,
      patchOf(
        { op: "remove", path: `members[value eq "${at(ids, n + 2)}"]` },
        { op: "replace", path: "externalId", value: `e${n}` },
      ),
    ),
];

describe("the journal", () => {
  it(
    "alone tells what is there: who is in it, with what, and in which groups",
    { timeout: 60_000 },
    async () => {
      const seed = Date.now() | 0;
      console.log(`seed ${seed}`);
      const step = fc.record({ send: fc.nat(SENDS.length - 1), n: fc.nat(11) });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 15, maxLength: 30 }), async (steps) => {
          const tenant = await mintTenant();
          const ids: string[] = [];
          for (const { send, n } of steps) {
            const answer = await SENDS[send]?.(tenant.scim, ids, n);
            if (answer?.status === 201) ids.push(answer.id);
          }
          const told = await journalOf(tenant);
          expect(told.map(({ seq }) => seq)).toEqual(told.map((_, index) => index + 1));
          const replayed = replay(told);
          const here = [
            ...(await tenant.scim.get("/Users?count=200")).resources,
            ...(await tenant.scim.get("/Groups?count=200")).resources,
          ];
          expect([...replayed.keys()].sort()).toEqual(here.map(({ id }) => String(id)).sort());
          for (const resource of here) {
            const { attributes, members } = replayed.get(String(resource["id"])) ?? {};
            expect(byName(attributes ?? new Map())).toEqual(byName(shown(resource)));
            const present = ((resource["members"] ?? []) as Json[]).map(({ value }) => value);
            // Of a group that a member was deleted from, nothing is told but the deletion.
            expect(present.sort()).toEqual([...(members ?? [])].sort());
          }
        }),
        { seed, numRuns: 12, endOnFailure: true },
      );
    },
  );

  it("says of every change which token asked for it, in which request, and what it was before", async () => {
    const tenant = await mintTenant();
    const other = await issueToken(tenant.slug);
    const scim = tenant.through(callWorker(), { token: other.token });
    const ana = await scim.post("/Users", { userName: "ana", title: "Nurse" });
    const ben = await tenant.scim.post("/Users", { userName: "ben" });
    const staff = await scim.post("/Groups", { displayName: "Staff" });
    const title = { op: "replace", path: "title", value: "Doctor" };
    const writes: [Answer, string, Json[]][] = [
      [
        await scim.patch(`/Users/${ana.id}`, patchOf(title)),
        ana.id,
        [{ attribute: "title", before: "Nurse", after: "Doctor" }],
      ],
      [
        await scim.patch(
          `/Groups/${staff.id}`,
          patchOf({ op: "add", path: "members", value: [{ value: ben.id }] }),
        ),
        staff.id,
        [{ attribute: "members", after: { ids: [ben.id] } }],
      ],
      [
        await scim.put(`/Groups/${staff.id}`, {
          displayName: "Crew",
          members: [{ value: ana.id }],
        }),
        staff.id,
        [
          { attribute: "displayName", before: "Staff", after: "Crew" },
          { attribute: "members", before: { ids: [ben.id] }, after: { ids: [ana.id] } },
        ],
      ],
      [await scim.delete(`/Users/${ben.id}`), ben.id, []],
    ];
    const told = await journalOf(tenant);
    for (const [answer, resource, diff] of writes) {
      const requestId = answer.headers.get("X-Request-Id");
      const [one, ...more] = told.filter(({ row }) => row["request_id"] === requestId);
      expect(more).toEqual([]);
      expect(one?.row).toMatchObject({
        actor_kind: "token",
        actor_id: other.id,
        actor_hint: other.token.slice(-4),
        resource_id: resource,
        outcome: "applied",
      });
      expect(one?.diff).toEqual(diff);
    }
  });
});
