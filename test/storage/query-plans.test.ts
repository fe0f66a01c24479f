import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";

import { callWorker } from "../call-worker.ts";
import { mintTenant, type MintedTenant } from "../mint-tenant.ts";
import { ENTERPRISE, filterOf, patchOf, type Answer, type ScimClient } from "../scim-client.ts";
import { interceptD1, type Statement } from "./intercept-d1.ts";

const sent: Statement[] = [];
let tenant: MintedTenant;
let scim: ScimClient;
let ana: string;
let staff: string;

beforeAll(async () => {
  tenant = await mintTenant({ preset: "training" });
  ({ id: ana } = await tenant.scim.post("/Users", { userName: "ana@example.com" }));
  ({ id: staff } = await tenant.scim.post("/Groups", {
    displayName: "Staff",
    members: [{ value: ana }],
  }));
  const database = interceptD1(env.DB, ({ statements, send }) => {
    sent.push(...statements);
    return send();
  });
  scim = tenant.through(callWorker({ DB: database }));
});

const PARAMETERS = /VIRTUAL TABLE|CONSTANT ROW|^SCAN (hit|named|listed|joined|gone|\()/;
/** Searched by the tenant alone: one row, or the few that a partial index holds. */
const SMALL = /tenant_states|tenant_counts|users_several_work_emails|changes USING/;

const isWalk = (step: string): boolean => step.endsWith("(tenant_key=?)") && !SMALL.test(step);

/** The steps of a plan that walk a table, or all of a tenant's rows in it; a list in a parameter is walked always. */
async function scansOf({ sql, values }: Statement): Promise<string[]> {
  const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .bind(...values)
    .all<{ detail: string }>();
  const steps = results.map(({ detail }) => detail);
  const walks = steps.filter((step) =>
    step.startsWith("SCAN") ? !PARAMETERS.test(step) : isWalk(step),
  );
  // To sort what a search found is nothing; to sort what a walk passes is to pass everything.
  return walks.length === 0 ? [] : [...walks, ...steps.filter((step) => step.includes("ORDER BY"))];
}

const LOOKUPS: readonly (readonly [string, (scim: ScimClient) => Promise<Answer>])[] = [
  ["a person by id", (scim) => scim.get(`/Users/${ana}`)],
  [
    "a person by userName",
    (scim) => scim.get(`/Users?${filterOf('userName eq "ana@example.com"')}`),
  ],
  ["a person by externalId", (scim) => scim.get(`/Users?${filterOf('externalId eq "x"')}`)],
  [
    "a person by work email",
    (scim) => scim.get(`/Users?${filterOf('emails[type eq "work"].value eq "ana@example.com"')}`),
  ],
  [
    "a person by id and something else",
    (scim) => scim.get(`/Users?${filterOf(`id eq "${ana}" and manager.value eq "1"`)}`),
  ],
  [
    "people by userName or externalId",
    (scim) => scim.get(`/Users?${filterOf('userName eq "a" or externalId eq "b"')}`),
  ],
  ["a group by id", (scim) => scim.get(`/Groups/${staff}`)],
  ["a group by displayName", (scim) => scim.get(`/Groups?${filterOf('displayName eq "Staff"')}`)],
  ["a group by externalId", (scim) => scim.get(`/Groups?${filterOf('externalId eq "x"')}`)],
  [
    "a group by id and a member (Entra)",
    (scim) =>
      scim.get(`/Groups?${filterOf(`id eq "${staff}" and members eq "${ana}"`)}&attributes=id`),
  ],
  [
    "the groups of a person",
    (scim) => scim.get(`/Groups?${filterOf(`members.value eq "${ana}"`)}`),
  ],
];

/** A page is walked in the order of an index, as far as its limit. */
const PAGES: readonly (readonly [string, string, string])[] = [
  ["people by index", "/Users?startIndex=1&count=100", "users_id"],
  ["people by cursor", "/Users?cursor=&count=1", "users_id"],
  ["people sorted by userName", "/Users?sortBy=userName&count=100", "users_user_name"],
  ["groups", "/Groups?startIndex=1&count=100", "groups_id"],
  ["groups sorted by displayName", "/Groups?sortBy=displayName&count=9", "groups_display_name"],
];

const WRITES: readonly (readonly [string, (scim: ScimClient) => Promise<Answer>])[] = [
  [
    "a new person",
    (scim) =>
      scim.post("/Users", { userName: "new@example.com", [ENTERPRISE]: { department: "Retail" } }),
  ],
  [
    "a person who fits somebody inactive",
    async (scim) => {
      const { id } = await scim.post("/Users", { userName: "back@example.com" });
      await scim.patch(`/Users/${id}`, patchOf({ op: "replace", path: "active", value: false }));
      return scim.post("/Users", { userName: "back@example.com", externalId: "back" });
    },
  ],
  [
    "a change of every key",
    (scim) =>
      scim.put(`/Users/${ana}`, {
        userName: "ana.b@example.com",
        externalId: "ana",
        emails: [{ value: "b@example.com", type: "work" }],
        [ENTERPRISE]: { department: "Logistics" },
      }),
  ],
  [
    "a joining",
    (scim) =>
      scim.patch(
        `/Groups/${staff}`,
        patchOf({ op: "add", path: "members", value: [{ value: ana }] }),
      ),
  ],
  [
    "a leaving",
    (scim) =>
      scim.patch(`/Groups/${staff}`, patchOf({ op: "remove", path: `members[value eq "${ana}"]` })),
  ],
  [
    "a new membership by PUT",
    (scim) => scim.put(`/Groups/${staff}`, { displayName: "Staff", members: [{ value: ana }] }),
  ],
  [
    "another name of a group",
    (scim) =>
      scim.patch(
        `/Groups/${staff}`,
        patchOf({ op: "replace", value: { displayName: "All staff" } }),
      ),
  ],
  [
    "the end of a group",
    async (scim) => {
      const { id } = await scim.post("/Groups", {
        displayName: "Short",
        members: [{ value: ana }],
      });
      return scim.delete(`/Groups/${id}`);
    },
  ],
  [
    "the end of a person",
    async (scim) => {
      const { id } = await scim.post("/Users", { userName: "short@example.com" });
      return scim.delete(`/Users/${id}`);
    },
  ],
];

async function expectSearches(
  send: (scim: ScimClient) => Promise<Answer>,
  expected: readonly string[] = [],
): Promise<void> {
  sent.length = 0;
  expect((await send(scim)).status).toBeLessThan(300);
  expect(sent.length).toBeGreaterThan(0);
  const scans = (await Promise.all(sent.map(scansOf))).flat();
  expect(scans).toEqual(expected);
}

describe("every statement searches an index", () => {
  it.each(LOOKUPS)("to look up %s", async (_what, send) => expectSearches(send));
  it.each(PAGES)("to show a page of %s, without sorting", async (_what, path, index) => {
    const table = index.split("_")[0] ?? "";
    const walk = `SEARCH ${table} USING INDEX ${index} (tenant_key=?)`;
    await expectSearches((scim) => scim.get(path), [walk]);
  });
  it.each(WRITES)("to write %s", async (_what, send) => expectSearches(send));

  it("and this test would see one that does not", async () => {
    const statement = { sql: "SELECT id FROM users WHERE resource = ?", values: ["x"] };
    expect(await scansOf(statement)).toEqual(["SCAN users"]);
  });
});
