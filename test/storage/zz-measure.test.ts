import { env } from "cloudflare:workers";
import { it } from "vitest";
import { callWorker } from "../call-worker.ts";
import { mintTenant } from "../mint-tenant.ts";
import { ENTERPRISE, patchOf } from "../scim-client.ts";
import { interceptD1 } from "./intercept-d1.ts";

it("measures", async () => {
  const tenant = await mintTenant({ preset: "training", settings: { deactivationGuard: null } });
  const lines: string[] = [];
  let total = { trips: 0, r: 0, w: 0 };
  const database = interceptD1(env.DB, async ({ statements, send }) => {
    const results = await send();
    total.trips++;
    results.forEach(({ meta }, i) => {
      total.r += meta.rows_read; total.w += meta.rows_written;
      lines.push(`   ${meta.rows_read}/${meta.rows_written}  ${(statements[i]?.sql ?? "").replace(/\s+/g, " ").slice(0, 110)}`);
    });
    return results;
  });
  const scim = tenant.through(callWorker({ DB: database }));
  const cost = async (name: string, request: Promise<{ status: number }>) => {
    lines.length = 0; total = { trips: 0, r: 0, w: 0 };
    const { status } = await request;
    console.info(`${name}: ${status} trips ${total.trips} read ${total.r} written ${total.w}\n${lines.join("\n")}`);
    return request;
  };
  const person = (n: string, d = "Retail") => ({ userName: `${n}@x.com`, externalId: n, displayName: n,
    emails: [{ value: `${n}.m@x.com`, type: "work" }], [ENTERPRISE]: { department: d } });
  const post = async (p: string, b: unknown) => (await tenant.scim.post(p, b)).id;
  await scim.get("/Users?count=1");
  const a = await post("/Users", person("a"));
  await post("/Users", person("l", "Logistics"));
  const b = await post("/Users", person("b"));
  await cost("create", scim.post("/Users", person("c")));
  await cost("patch dept", scim.patch(`/Users/${a}`, patchOf({ op: "replace", path: `${ENTERPRISE}:department`, value: "Logistics" })));
  await cost("patch no dept", scim.patch(`/Users/${a}`, patchOf({ op: "replace", path: `${ENTERPRISE}:department`, value: "" })));
  await cost("patch title", scim.patch(`/Users/${a}`, patchOf({ op: "replace", path: `title`, value: "x" })));
  await cost("group", scim.post("/Groups", { displayName: "G1" }));
  await cost("group ext", scim.post("/Groups", { displayName: "G2", externalId: "g2" }));
  const g = await post("/Groups", { displayName: "G3", members: [{ value: b }] });
  await cost("join", scim.patch(`/Groups/${g}`, patchOf({ op: "add", path: "members", value: [{ value: a }] })));
  await cost("join again", scim.patch(`/Groups/${g}`, patchOf({ op: "add", path: "members", value: [{ value: a }] })));
  await cost("leave", scim.patch(`/Groups/${g}`, patchOf({ op: "remove", path: `members[value eq "${a}"]` })));
  await cost("leave again", scim.patch(`/Groups/${g}`, patchOf({ op: "remove", path: `members[value eq "${a}"]` })));
  await cost("rename", scim.patch(`/Groups/${g}`, patchOf({ op: "replace", value: { displayName: "G4" } })));
  await cost("delete user 0 groups", scim.delete(`/Users/${a}`));
  await cost("delete user 1 group", scim.delete(`/Users/${b}`));
  await cost("delete group", scim.delete(`/Groups/${g}`));
});
