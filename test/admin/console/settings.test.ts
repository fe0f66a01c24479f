import { describe, expect, it } from "vitest";

import { FIELDS } from "../../../src/admin/console/settings/fields.ts";
import { Settings } from "../../../src/tenancy/settings.ts";
import { admin, mintTenant } from "../../mint-tenant.ts";
import { signedInClient, type ConsoleClient } from "./console-client.ts";

/** What a browser would send for the form as it is shown. */
async function shownForm(client: ConsoleClient, path: string): Promise<Record<string, string>> {
  const { html } = await client.get(path);
  const form = html.slice(html.indexOf('value="save"'), html.indexOf("Save</button>"));
  const fields: Record<string, string> = { does: "save" };
  for (const [, attributes = ""] of form.matchAll(/<input ([^>]*)>/g)) {
    const name = /name="([^"]*)"/.exec(attributes)?.[1];
    if (name !== undefined && name !== "does")
      fields[name] = /value="([^"]*)"/.exec(attributes)?.[1] ?? "";
  }
  for (const [, name = "", options = ""] of form.matchAll(
    /<select[^>]*name="([^"]*)"[^>]*>(.*?)<\/select>/gs,
  )) {
    fields[name] = /value="([^"]*)" selected/.exec(options)?.[1] ?? "";
  }
  for (const [, name = "", text = ""] of form.matchAll(
    /<textarea[^>]*name="([^"]*)"[^>]*>(.*?)<\/textarea>/gs,
  )) {
    fields[name] = text.replaceAll("\n", "\r\n");
  }
  return fields;
}

const tenantOf = async (slug: string) => (await admin("GET", `/tenants/${slug}`)).body;

describe("the page of settings", () => {
  it("explains every setting", () => {
    expect(FIELDS.map(({ name }) => name).toSorted()).toEqual(
      Object.keys(Settings.shape).toSorted(),
    );
  });

  it("changes nothing when it is saved as it is shown", async () => {
    const { slug } = await mintTenant({
      preset: "training",
      settings: { ignoredGroups: ["A", "B"] },
    });
    const client = await signedInClient();
    const path = `/console/t/${slug}/settings`;
    const before = await tenantOf(slug);
    const rows = (await admin("GET", `/tenants/${slug}/changes`)).body["items"];
    expect((await client.post(path, await shownForm(client, path))).status).toBe(303);
    expect(await tenantOf(slug)).toEqual(before);
    expect((await admin("GET", `/tenants/${slug}/changes`)).body["items"]).toEqual(rows);
  });

  it("changes every kind of setting, and no other one", async () => {
    const { slug } = await mintTenant({ preset: "training" });
    const client = await signedInClient();
    const path = `/console/t/${slug}/settings`;
    const before = (await tenantOf(slug))["settings"] as object;
    const fields = {
      ...(await shownForm(client, path)),
      name: "Acme",
      organisation: "Acme Group",
      uniqueEmail: "false",
      groups: "plain",
      ignoredGroups: "All\r\n\r\n Everybody ",
      logRetentionDays: "30",
      notifyEmail: "ops@example.com",
      deactivationGuard: "50, 5, 30",
    };
    expect((await client.post(path, fields)).status).toBe(303);
    expect(await tenantOf(slug)).toMatchObject({
      name: "Acme",
      organisation: "Acme Group",
      settings: {
        ...before,
        uniqueEmail: false,
        groups: "plain",
        ignoredGroups: ["All", "Everybody"],
        logRetentionDays: 30,
        notifyEmail: "ops@example.com",
        deactivationGuard: { percent: 50, people: 5, windowMinutes: 30 },
      },
    });
  });

  it("says what is wrong, changes nothing, and keeps what was typed", async () => {
    const { slug } = await mintTenant();
    const client = await signedInClient();
    const path = `/console/t/${slug}/settings`;
    const before = await tenantOf(slug);
    const fields = { ...(await shownForm(client, path)), groups: "off", logRetentionDays: "many" };
    const refused = await client.post(path, fields);
    expect(refused.status).toBe(422);
    expect(refused.text).toContain("logRetentionDays");
    expect(refused.html).toContain('value="many"');
    expect(await tenantOf(slug)).toEqual(before);
  });

  it("lets an administrator change what is theirs, without asking for what is the operator's", async () => {
    const { slug } = await mintTenant({ preset: "training" });
    const made = await admin("POST", `/tenants/${slug}/admin-keys`, { name: "A", role: "admin" });
    const client = await signedInClient(String(made.body["key"]));
    const path = `/console/t/${slug}/settings`;
    const shown = await shownForm(client, path);
    expect(Object.keys(shown)).not.toContain("ssoActive");
    expect((await client.post(path, { ...shown, groups: "plain" })).status).toBe(303);
    const smuggled = await client.post(path, { ...shown, ssoActive: "false" });
    expect(smuggled.status).toBe(403);
    expect((await client.post(path, { ...shown, deactivationGuard: "" })).status).toBe(403);
    expect((await client.post(path, { does: "status", status: "paused" })).status).toBe(403);
    expect((await client.get(path)).text).not.toContain("Danger zone");
  });
});

describe("the danger zone", () => {
  it("pauses and resumes a tenant", async () => {
    const { slug, scim } = await mintTenant();
    const client = await signedInClient();
    const path = `/console/t/${slug}/settings`;
    await client.post(path, { does: "status", status: "paused" });
    expect((await scim.get("/Users")).status).toBe(503);
    expect((await client.get(`/console/t/${slug}/overview`)).text).toContain("Paused");
    await client.post(path, { does: "status", status: "active" });
    expect((await scim.get("/Users")).status).toBe(200);
  });

  it("deletes a tenant only when its slug is typed", async () => {
    const { slug, scim } = await mintTenant();
    const client = await signedInClient();
    const path = `/console/t/${slug}/settings`;
    expect((await client.post(path, { does: "delete", confirm: "another" })).status).toBe(422);
    expect((await scim.get("/Users")).status).toBe(200);
    expect(await client.post(path, { does: "delete", confirm: slug })).toMatchObject({
      status: 303,
      location: "/console/tenants?done=deleted",
    });
    expect((await scim.get("/Users")).status).toBe(401);
  });
});

describe("the page of tenants", () => {
  it("makes a tenant and leads to its connection, and finds it", async () => {
    const client = await signedInClient();
    const made = await client.post("/console/tenants", {
      does: "create",
      slug: "from-the-console",
      name: "Console & Sons",
      preset: "visitors",
      organisation: "",
    });
    expect(made.location).toBe("/console/t/from-the-console/connect");
    expect((await client.get("/console/tenants?q=console")).text).toContain("Console & Sons");
    expect((await client.get("/console/tenants?q=nobody")).text).toContain("No tenant fits");
    const again = await client.post("/console/tenants", {
      does: "create",
      slug: "from-the-console",
      name: "Twice",
      preset: "generic",
    });
    expect(again.status).toBe(409);
    expect(again.html).toContain('value="Twice"');
  });
});
