import { describe, expect, it } from "vitest";

import { admin, mintTenant } from "../../mint-tenant.ts";
import { consoleClient, signedInClient } from "./console-client.ts";

/** A tenant with a department and an administrator of its own. */
async function open() {
  const { slug } = await mintTenant({ preset: "phishing" });
  const department = await admin("POST", `/tenants/${slug}/departments`, { name: "Sales" });
  const key = await admin("POST", `/tenants/${slug}/admin-keys`, { name: "A", role: "admin" });
  return { slug, department: department.id, key: String(key.body["key"]) };
}

const FORMS = [
  ["departments", { does: "create", name: "New" }],
  ["departments", { does: "reconcile" }],
  ["departments/ID", { does: "rename", name: "New" }],
  ["departments/ID", { does: "remove", id: "x" }],
  ["departments/ID", { does: "delete", confirm: "Sales" }],
  ["departments/ID/assign", { does: "chosen", id: "x" }],
  ["departments/ID/assign", { does: "named", names: "x" }],
  ["departments/ID/merge", { does: "merge", into: "x", confirm: "Sales" }],
  ["invitations", { does: "resend", id: "x" }],
  ["invitations/invite", { does: "chosen", id: "x" }],
  ["alerts", { does: "resolve", id: "x" }],
] as const;

describe.each(FORMS)("the form of %s %o", (place, fields) => {
  it("does nothing without the token of the session", async () => {
    const { slug, department } = await open();
    const path = `/console/t/${slug}/${place.replace("ID", department)}`;
    const refused = await (await signedInClient()).post(path, fields, { csrf: "" });
    expect(refused.status).toBe(403);
    expect(refused.text).toContain("Nothing was changed.");
  });

  it("is not there for another tenant's administrator, and not for a set-up link's guest", async () => {
    const [own, other] = [await open(), await open()];
    const client = await signedInClient(own.key);
    const pathIn = ({ slug, department }: typeof own) =>
      `/console/t/${slug}/${place.replace("ID", department)}`;
    const how = { from: `/console/t/${own.slug}/departments` };
    expect((await client.get(pathIn(own))).status).toBe(200);
    expect((await client.get(pathIn(other))).status).toBe(404);
    expect((await client.post(pathIn(other), fields, how)).status).toBe(404);
    const made = await admin("POST", `/tenants/${own.slug}/setup-links`, {});
    const guest = consoleClient();
    await guest.post(new URL(String(made.body["url"])).pathname, {}, { csrf: "" });
    const from = `/console/t/${own.slug}/connect`;
    expect((await guest.post(pathIn(own), fields, { from })).status).toBe(403);
  });
});

it("shows groups to their own tenant's administrator only", async () => {
  const [own, other] = [await open(), await open()];
  const client = await signedInClient(own.key);
  expect((await client.get(`/console/t/${own.slug}/groups`)).status).toBe(200);
  expect((await client.get(`/console/t/${other.slug}/groups`)).status).toBe(404);
  expect((await client.get(`/console/t/${other.slug}/groups/x`)).status).toBe(404);
});
