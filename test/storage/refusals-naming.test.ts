import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { callWorker } from "../call-worker.ts";
import { admin, mintTenant, type MintedTenant } from "../mint-tenant.ts";
import type { Answer, Json } from "../scim-client.ts";
import { rowsIn } from "../tenant-rows.ts";
import { interceptD1, type Statement } from "./intercept-d1.ts";

const PORTION = 10_000;

/** A refused create as it was noted, of whom the tenant's journal gets so many rows. */
async function seedRefusals(key: number, count: number, names: Json): Promise<void> {
  const diff = Object.entries(names).map(([attribute, after]) => ({ attribute, after }));
  await env.DB.prepare(
    `INSERT INTO changes (tenant_key, seq, at, request_id, actor_kind, actor_id, actor_hint, operation,
        resource_type, resource_id, outcome, status, reason, diff)
      WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?2)
      SELECT ?1, n + coalesce((SELECT max(seq) FROM changes WHERE tenant_key = ?1), 0), ?4, 'seeded-' || n,
        'token', 'seeded', 'seed', 'create', 'User', NULL, 'refused', 409, 'Taken.', ?3 FROM numbers`,
  )
    .bind(key, count, JSON.stringify(diff), new Date().toISOString())
    .run();
}

const numberOf = async ({ key }: MintedTenant, text: string): Promise<number> => {
  const rows = await rowsIn("changes", key);
  return rows.filter((row) => JSON.stringify(row).includes(text)).length;
};

type Erase = (tenant: MintedTenant, id: string) => Promise<Answer>;
const byHand: Erase = ({ slug }, id) => admin("POST", `/tenants/${slug}/users/${id}/erase`);
const ways: [string, Erase][] = [
  ["by hand", byHand],
  ["by SCIM, where the tenant says so", ({ scim }, id) => scim.delete(`/Users/${id}`)],
];

describe("an erasure", () => {
  it.each(ways)(
    "%s forgets whom refused creates were about, in any letters",
    async (_way, erase) => {
      const tenant = await mintTenant({ settings: { onDelete: "erase" } });
      const { scim, key } = tenant;
      const names = { userName: "ÄNA.Canary\u212A", externalId: "E-1" };
      const { id } = await scim.post("/Users", names);
      for (const userName of ["äna.canaryk", "A\u0308NA.CANARYK", names.userName]) {
        expect((await scim.post("/Users", { userName })).status).toBe(409);
      }
      await scim.post("/Users", { externalId: "E-1" });
      // Nobody's, and other people's: another letter, a part of the name, more than the name.
      const others = [
        { userName: "ana.canaryk" },
        { userName: "äna.canary" },
        { userName: "Eve", externalId: "E-11" },
        { title: "E-1" },
      ];
      for (const other of others) await scim.post("/Users", { ...other, active: "x" });
      await scim.post("/Groups", { externalId: "E-1" });

      const refused = async () =>
        (await rowsIn("changes", key))
          .filter(({ outcome }) => outcome === "refused")
          .toSorted((a, b) => Number(a["seq"]) - Number(b["seq"]));
      const before = await refused();
      expect((await erase(tenant, id)).status).toBe(204);
      const blank = { diff: "[]", reason: null };
      expect(await refused()).toEqual([
        ...before.slice(0, 4).map((row) => ({ ...row, ...blank })),
        ...before.slice(4),
      ]);
      expect(before).toHaveLength(9);
    },
  );

  it("forgets names that were too long to be kept whole", async () => {
    const tenant = await mintTenant();
    for (const letter of ["a", "É", "é".normalize("NFD"), "각".normalize("NFD"), "🎓"]) {
      const userName = letter.repeat(150);
      const { id } = await tenant.scim.post("/Users", { userName, externalId: userName });
      await tenant.scim.post("/Users", { userName });
      await tenant.scim.post("/Users", { externalId: userName });
      const rows = await rowsIn("changes", tenant.key);
      const told = rows.filter((row) => row["outcome"] === "refused" && row["diff"] !== "[]");
      expect(told, letter).toHaveLength(2);
      expect((await byHand(tenant, id)).status).toBe(204);
      expect(await numberOf(tenant, JSON.stringify(letter).slice(1, -1).repeat(20))).toBe(0);
    }
  });

  it("knows people by the names too that they had before", async () => {
    const tenant = await mintTenant();
    const { scim } = tenant;
    const { id } = await scim.post("/Users", { userName: "canary-1", externalId: "canary-2" });
    await scim.put(`/Users/${id}`, { userName: "canary-3" });
    await scim.put(`/Users/${id}`, { userName: "bea" });
    for (const names of [
      { userName: "Canary-1" },
      { externalId: "canary-2" },
      { userName: "CANARY-3" },
    ]) {
      expect((await scim.post("/Users", { ...names, active: "x" })).status).toBe(400);
    }
    expect((await byHand(tenant, id)).status).toBe(204);
    expect(await numberOf(tenant, "anary")).toBe(0);
    expect(await numberOf(tenant, "ANARY")).toBe(0);
  });

  it("reaches those who were soft-deleted, and those whom they followed, by their own names", async () => {
    const tenant = await mintTenant();
    const { scim } = tenant;
    const come = async (externalId: string) => {
      const { id } = await scim.post("/Users", { userName: "canary", externalId });
      await scim.post("/Users", { userName: "bea", externalId, active: "x" });
      await scim.delete(`/Users/${id}`);
      return id;
    };
    await come("canary-1");
    const second = await come("canary-2");
    await scim.post("/Users", { userName: "Canary", active: "x" });
    expect(await numberOf(tenant, "anary")).toBeGreaterThan(2);
    expect((await byHand(tenant, second)).status).toBe(204);
    expect(await numberOf(tenant, "anary")).toBe(0);
  });

  it("empties nobody else's rows, and none when it is refused itself", async () => {
    const tenant = await mintTenant({ preset: "training" });
    const other = await mintTenant({ preset: "training" });
    const made: string[] = [];
    for (const { scim } of [tenant, other]) {
      made.push((await scim.post("/Users", { userName: "ana" })).id);
      await scim.post("/Users", { userName: "ana", active: "x" });
    }
    const [id = ""] = made;
    const before = await rowsIn("changes", other.key);
    await tenant.change({ settings: { onDelete: "erase" } });
    expect((await tenant.scim.delete(`/Users/${id}`, { "If-Match": 'W/"9"' })).status).toBe(412);
    expect(await numberOf(tenant, '\\"after\\":\\"ana\\"')).toBe(2);
    expect((await tenant.scim.delete(`/Users/${id}`)).status).toBe(204);
    expect(await numberOf(tenant, "ana")).toBe(0);
    expect(await rowsIn("changes", other.key)).toEqual(before);
  });
});

describe("among many refusals an erasure", () => {
  /** Of what the Worker sends: the rows that each statement reads, and the statements. */
  function watched() {
    const reads: number[] = [];
    const sent: Statement[] = [];
    let trips = 0;
    const DB = interceptD1(env.DB, async ({ statements, send }) => {
      const results = await send();
      trips += 1;
      sent.push(...statements);
      reads.push(...results.map(({ meta }) => meta.rows_read));
      return results;
    });
    return { transport: callWorker({ DB }), reads, sent, trips: () => trips };
  }

  it("looks through a bounded number in each statement, and through all of them", async () => {
    const tenant = await mintTenant({ settings: { onDelete: "erase" } });
    const { id } = await tenant.scim.post("/Users", { userName: "canary" });
    await seedRefusals(tenant.key, 1, { userName: "CANARY" });
    await seedRefusals(tenant.key, 2 * PORTION - 2, { userName: "somebody else" });
    await seedRefusals(tenant.key, 2, { userName: "Canary" });
    const { transport, reads, trips } = watched();
    const scim = tenant.through(transport);
    await scim.get("/Users?count=1");
    reads.length = 0;
    const start = trips();
    expect((await scim.delete(`/Users/${id}`)).status).toBe(204);
    expect(await numberOf(tenant, "anary")).toBe(0);
    expect(await numberOf(tenant, "somebody else")).toBe(2 * PORTION - 2);
    // The person, their names, the portions of the search, and the erasure.
    expect(trips() - start).toBe(2 + 3 + 1);
    // A row of the journal, and the entry of the index that leads to it.
    expect(Math.max(...reads)).toBeLessThanOrEqual(2 * PORTION + 100);
  });

  it("searches by indexes only", async () => {
    const tenant = await mintTenant({ settings: { onDelete: "erase" } });
    const { transport, sent } = watched();
    const scim = tenant.through(transport);
    const { id } = await scim.post("/Users", { userName: "ana" });
    await scim.post("/Users", { userName: "ANA" });
    sent.length = 0;
    expect((await scim.delete(`/Users/${id}`)).status).toBe(204);
    const ofChanges = sent.filter(({ sql }) => /^\s*(SELECT|UPDATE)[^]*"changes"/.test(sql));
    const plans = await Promise.all(
      ofChanges.map(async ({ sql, values }) => {
        const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
          .bind(...values)
          .all<{ detail: string }>();
        return results.map(({ detail }) => detail).filter((step) => step.includes("changes"));
      }),
    );
    const rowsWithoutId =
      "SEARCH changes USING COVERING INDEX changes_resource (tenant_key=? AND resource_id=? AND seq>?)";
    expect(plans).toEqual([
      [expect.stringContaining("changes_resource (tenant_key=? AND resource_id=?)")],
      [rowsWithoutId.replace(" COVERING", "")],
      [rowsWithoutId],
      [expect.stringContaining("(tenant_key=? AND resource_id=?)")],
      ["SEARCH changes USING PRIMARY KEY (tenant_key=? AND seq=?)"],
    ]);
  });
});
