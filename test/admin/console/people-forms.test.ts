import { describe, expect, it } from "vitest";

import { admin, mintTenant } from "../../mint-tenant.ts";
import { consoleClient, signedInClient } from "./console-client.ts";

/** A tenant with somebody enrolled by hand, and an administrator of its own. */
async function open() {
  const { slug } = await mintTenant({ preset: "phishing" });
  const person = await admin("POST", `/tenants/${slug}/users`, { email: "ana@example.com" });
  const key = await admin("POST", `/tenants/${slug}/admin-keys`, { name: "A", role: "admin" });
  const read = async () => (await admin("GET", `/tenants/${slug}/users`)).body;
  return { slug, id: person.id, key: String(key.body["key"]), read };
}

const FORMS = [
  ["people", { does: "enrol", email: "new@example.com" }],
  ["people", { does: "assign", id: "x", into: "Sales" }],
  ["people", { does: "invite", id: "x" }],
  ["people/import", { does: "preview", csv: "email\nnew@example.com" }],
  ["people/import", { does: "run", csv: "email\nnew@example.com" }],
  ["people/preflight", { does: "preview", csv: "email\nnew@example.com" }],
  ["people/ID", { does: "edit", userName: "other" }],
  ["people/ID", { does: "deactivate" }],
  ["people/ID", { does: "adopt" }],
  ["people/ID", { does: "unadopt" }],
  ["people/ID", { does: "assign", into: "Sales" }],
  ["people/ID", { does: "unassign", department: "x" }],
  ["people/ID", { does: "invite" }],
  ["people/ID", { does: "delete" }],
  ["people/ID", { does: "erase", confirm: "ana@example.com" }],
] as const;

describe.each(FORMS)("the form of %s %o", (place, fields) => {
  it("does nothing without the token of the session", async () => {
    const { slug, id, read } = await open();
    const before = await read();
    const path = `/console/t/${slug}/${place.replace("ID", id)}`;
    const refused = await (await signedInClient()).post(path, fields, { csrf: "" });
    expect(refused.status).toBe(403);
    expect(refused.text).toContain("Nothing was changed.");
    expect(await read()).toEqual(before);
  });

  it("is not there for another tenant's administrator, and not for a set-up link's guest", async () => {
    const [own, other] = [await open(), await open()];
    const before = [await own.read(), await other.read()];
    const client = await signedInClient(own.key);
    const pathIn = ({ slug, id }: typeof own) => `/console/t/${slug}/${place.replace("ID", id)}`;
    const how = { from: `/console/t/${own.slug}/people` };
    expect((await client.get(pathIn(own))).status).toBe(200);
    expect((await client.get(pathIn(other))).status).toBe(404);
    expect((await client.post(pathIn(other), fields, how)).status).toBe(404);
    const link = await admin("POST", `/tenants/${own.slug}/setup-links`, {});
    const guest = consoleClient();
    await guest.post(new URL(String(link.body["url"])).pathname, {}, { csrf: "" });
    const from = `/console/t/${own.slug}/connect`;
    expect((await guest.post(pathIn(own), fields, { from })).status).toBe(403);
    expect([await own.read(), await other.read()]).toEqual(before);
  });
});
