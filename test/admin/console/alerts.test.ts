import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import type { AlertKind } from "../../../src/directory/alerts/alert.ts";
import { raiseAlertIn } from "../../../src/storage/notices/raise-alert.ts";
import { uuidV7 } from "../../../src/tenancy/uuid-v7.ts";
import { admin, mintTenant, type MintedTenant } from "../../mint-tenant.ts";
import { patchOf, type Json } from "../../scim-client.ts";
import { seedPeople } from "../../seed-people.ts";
import { consoleClient, signedInClient } from "./console-client.ts";

const clock = { now: () => Date.now() };
const ids = uuidV7(clock, (count) => crypto.getRandomValues(new Uint8Array(count)));
const raise = raiseAlertIn(env.DB, { clock, ids });

const alertsOf = async ({ slug }: MintedTenant) =>
  (await admin("GET", `/tenants/${slug}/alerts`)).body["items"] as Json[];

describe("the page of alerts", () => {
  it("says of each kind what to do and where, and keeps those that are resolved", async () => {
    const tenant = await mintTenant();
    const client = await signedInClient();
    const path = `/console/t/${tenant.slug}/alerts`;
    expect((await client.get(path)).text).toContain("No alert is open.");
    const kinds = ["guard", "errors", "silence", "expiring-token", "reconcile-brake"] as const;
    for (const kind of kinds) {
      await raise(tenant.key, { kind, subject: "", detail: `<b>${kind}</b>` });
    }
    const { text, html } = await client.get(path);
    for (const kind of kinds) expect(text).toContain(`<b>${kind}</b>`);
    expect(html).not.toContain("<b>guard");
    expect(html).toContain("/departments?orphaned=true");
    expect(html).toContain("/log?outcome=refused");
    const [newest] = await alertsOf(tenant);
    const resolved = await client.post(path, { does: "resolve", id: String(newest?.["id"]) });
    expect(resolved).toMatchObject({ status: 303, location: `${path}?done=resolved` });
    const later = await client.get(resolved.location ?? "");
    expect(later.text).toContain("The alert is resolved.");
    expect(later.text).toMatch(/Alert Raised Resolved Many departments would have/);
    expect((await client.post(path, { does: "resolve", id: "nothing" })).status).toBe(404);
  });

  it("pages through those that are resolved", async () => {
    const tenant = await mintTenant();
    const path = `/console/t/${tenant.slug}/alerts`;
    const kind: AlertKind = "expiring-token";
    for (let at = 0; at < 51; at++) {
      await raise(tenant.key, { kind, subject: String(at), detail: `Alert ${at}x` });
    }
    await env.DB.prepare("UPDATE alerts SET resolved_at = raised_at WHERE tenant_key = ?")
      .bind(tenant.key)
      .run();
    const client = await signedInClient();
    const first = await client.get(path);
    expect(first.text).toContain("Alert 50x");
    expect(first.text).not.toContain("Alert 0x");
    const next = /\?cursor=[^"]+/.exec(first.html)?.[0] ?? "";
    expect((await client.get(path + next)).text).toContain("Alert 0x");
  });

  it("lets deactivations go on when the guard's alert is resolved", async () => {
    const tenant = await mintTenant({
      settings: { deactivationGuard: { percent: 1, people: 1, windowMinutes: 60 } },
    });
    const { id } = await tenant.scim.post("/Users", { userName: "model@example.com" });
    await env.DB.prepare("UPDATE users SET created_at = '2020-01-01T00:00:00.000Z' WHERE id = ?")
      .bind(id)
      .run();
    const people = await seedPeople(tenant.key, id, 5);
    const deactivate = async (at: number) => {
      const change = patchOf({ op: "replace", path: "active", value: false });
      return (await tenant.scim.patch(`/Users/${people[at] ?? ""}`, change)).status;
    };
    expect([await deactivate(0), await deactivate(1)]).toEqual([200, 503]);
    const client = await signedInClient();
    const overview = await client.get(`/console/t/${tenant.slug}/overview`);
    expect(overview.text).toContain("Many people would have been deactivated at once");
    const path = `/console/t/${tenant.slug}/alerts`;
    expect(overview.html).toContain(`href="${path}"`);
    const { text } = await client.get(path);
    expect(text).toContain("without a limit for as long as the guard's window is");
    const [alert] = await alertsOf(tenant);
    await client.post(path, { does: "resolve", id: String(alert?.["id"]) });
    expect([await deactivate(1), await deactivate(2)]).toEqual([200, 200]);
  });

  it("is seen with a set-up link, which resolves nothing", async () => {
    const tenant = await mintTenant();
    await raise(tenant.key, { kind: "reconcile-brake", subject: "", detail: "12 would go." });
    const made = await admin("POST", `/tenants/${tenant.slug}/setup-links`, {});
    const guest = consoleClient();
    const link = new URL(String(made.body["url"])).pathname;
    expect((await guest.post(link, {}, { csrf: "" })).status).toBe(303);
    const path = `/console/t/${tenant.slug}/alerts`;
    const { status, text, html } = await guest.get(path);
    expect(status).toBe(200);
    expect(text).toContain("12 would go.");
    expect(html).not.toContain('value="resolve"');
    expect(html).not.toContain("/departments");
    const [alert] = await alertsOf(tenant);
    const tried = await guest.post(path, { does: "resolve", id: String(alert?.["id"]) });
    expect(tried.status).toBe(403);
    expect((await alertsOf(tenant))[0]?.["resolvedAt"]).toBeNull();
  });
});
