import { describe, expect, it } from "vitest";

import { admin, mintTenant } from "../../mint-tenant.ts";
import { patchOf } from "../../scim-client.ts";
import { seedChanges } from "../../seed-changes.ts";
import { consoleClient, signedInClient } from "./console-client.ts";

const DAY_MS = 86_400_000;

/** A tenant and the page of its log. */
async function open() {
  const tenant = await mintTenant();
  const client = await signedInClient();
  const path = `/console/t/${tenant.slug}/log`;
  const person = async (userName: string, displayName = userName) =>
    (await tenant.scim.post("/Users", { userName, displayName })).id;
  return { ...tenant, client, path, person, log: (query = "") => client.get(path + query) };
}

const rowsIn = (html: string) => html.split("<details data-key=").slice(1);

describe("a row of the log", () => {
  it("tells what was asked, what changed, by whom, and how to do it again", async () => {
    const { person, scim, log, token, slug } = await open();
    const id = await person("ana", "Ana");
    await scim.patch(`/Users/${id}`, patchOf({ op: "replace", path: "displayName", value: "Bea" }));
    const { status, html, text } = await log();
    expect(status).toBe(200);
    const [change] = rowsIn(html);
    expect(change).toContain(`href="/console/t/${slug}/people/${id}"`);
    expect(change).toContain(`href="/console/t/${slug}/tokens"`);
    expect(change).toContain("<del>Ana</del><ins>Bea</ins>");
    expect(text).toContain(`Done Change User Bea displayName`);
    expect(text).toContain(`PATCH /Users/${id}`);
    expect(text).toContain(`token …${token.slice(-4)}`);
    expect(text).toContain(`curl -X PATCH 'https://scim.example.com/api/v1/scim/v2/Users/${id}'`);
    expect(text).toContain("Bearer $TOKEN");
    expect(text).not.toContain(token);
  });

  it("says why something was refused, and what to do", async () => {
    const { person, log } = await open();
    await person("ana");
    await person("ana");
    const { text } = await log();
    expect(text).toContain(
      "Refused Create User about ana A user with this userName already exists.",
    );
    expect(text).toContain("What to do: Somebody here has this userName.");
    expect(text).toContain("POST /Users");
    expect(text).toContain("409 uniqueness");
  });

  it("says whom somebody was about who never arrived, as far as that was told", async () => {
    const { person, scim, log } = await open();
    await person("ana@example.com");
    await person("Ana@example.com");
    await scim.post("/Users", { externalId: "E-1" });
    // Both are too many bytes for a row: it keeps one of the values.
    const long = { userName: "名".repeat(200), externalId: "前".repeat(200) };
    await scim.post("/Users", { ...long, active: "x" });
    await scim.post("/Users", { title: "Cook" });
    await scim.post("/Groups", { displayName: "Staff", externalId: { a: 1 } });
    const { html, text } = await log("?outcome=refused");
    expect(rowsIn(html)).toHaveLength(5);
    for (const about of ["User about Ana@example.com", "User about E-1", "Group about Staff"]) {
      expect(text).toContain(`Refused Create ${about} `);
    }
    expect(text).toContain("Refused Create User about 名名");
    expect(text).not.toContain("undefined");
    expect(text).toContain("Whom it was about");
    expect(text).not.toContain("As a command");
    const found = await log("?q=ana%40&outcome=refused");
    expect(rowsIn(found.html)).toHaveLength(1);
  });

  it("names the members who joined a group, and a group that is gone", async () => {
    const { person, scim, log } = await open();
    const id = await person("ana", "Ana");
    const group = await scim.post("/Groups", { displayName: "Staff", members: [{ value: id }] });
    expect(rowsIn((await log()).html)[0]).toContain("<ins>Ana</ins>");
    await scim.delete(`/Groups/${group.id}`);
    const { html, text } = await log();
    expect(text).toContain("Delete Group Staff");
    expect(html).not.toContain(`/groups/${group.id}`);
  });

  it("holds what people are called as text, whatever they are called", async () => {
    const { person, log } = await open();
    await person(`<script>alert("1")</script>`, `"><img src=x onerror=alert(1)>`);
    const { html, text } = await log();
    expect(html).not.toContain("<script>alert");
    expect(html).not.toContain("<img");
    expect(text).toContain(`"><img src=x onerror=alert(1)>`);
  });
});

describe("the filter of the log", () => {
  it.each([
    ["outcome=refused", ["Refused Create User"], ["Done Create"]],
    ["resourceType=Group", ["Create Group Staff"], ["Create User"]],
    ["operation=delete", ["Delete Group Old"], ["Create"]],
    ["q=canary", ["Create User Ana"], ["Create User Bea", "Create Group"]],
    ["person=ana", ["Create User Ana"], ["Create User Bea", "Create Group"]],
    ["person=BEA@example.com", ["Create User Bea"], ["Create User Ana", "Create Group"]],
    ["span=1h&since=2020-01-01T00%3A00", ["Create User Ana", "Create Group Staff"], []],
    ["until=2020-01-01T00%3A00", ["Nothing has happened in this time."], ["Create"]],
    ["requestId=nobody", ["Nothing fits."], ["Create"]],
  ])("%s finds the rows that are meant", async (query, found, others) => {
    const { person, scim, client, path } = await open();
    await scim.post("/Users", { userName: "ana", displayName: "Ana", title: "canary" });
    await person("bea@example.com", "Bea");
    await scim.post("/Groups", { displayName: "Staff" });
    const { id } = await scim.post("/Groups", { displayName: "Old" });
    await scim.delete(`/Groups/${id}`);
    await person("ana");
    const { status, text } = await client.get(`${path}?${query}`);
    expect(status).toBe(200);
    const list = text.slice(text.indexOf("Newest first"));
    for (const words of found) expect(list).toContain(words);
    for (const words of others) expect(list).not.toContain(words);
  });

  it("keeps what was chosen and typed", async () => {
    const { html } = await (
      await open()
    ).log("?q=a%22b&outcome=refused&span=30d&resourceType=Robot&until=2026-01-02T03%3A04");
    for (const field of [
      'name="q" value="a&quot;b"',
      '<option value="refused" selected="">',
      '<option value="30d" selected="">',
      '<option value="Robot" selected="">',
      'name="until" value="2026-01-02T03:04"',
    ]) {
      expect(html).toContain(field);
    }
  });

  it("asks whom one means where several begin alike, and says so where nobody does", async () => {
    const { person, log, path } = await open();
    const id = await person("ana.one", "Ana One");
    await person("ana.two", "Ana Two");
    const several = await log("?person=ana&outcome=applied");
    expect(several.text).toContain("Several people begin with “ana”.");
    expect(several.html).toContain(`href="${path}?outcome=applied&amp;person=${id}"`);
    const nobody = await log("?person=zoe");
    expect(nobody.text).toContain("Nobody here");
    expect(nobody.html).toContain(`href="${path}?q=zoe"`);
    expect((await log(`?person=${id}`)).text).toContain("Create User Ana One");
  });

  it("goes by time spans, of which the week is the default", async () => {
    const { key, log } = await open();
    await seedChanges(key, 1, { lastAt: Date.now() - 20 * DAY_MS });
    expect((await log()).text).toContain("Nothing has happened in this time.");
    expect((await log("?span=24h")).text).toContain("Nothing has happened in this time.");
    expect((await log("?span=30d")).text).toContain("Change User person-1");
  });

  it("says what is wrong with a value that somebody made up", async () => {
    const { log } = await open();
    const { status, text } = await log("?operation=dance");
    expect(status).toBe(422);
    expect(text).toContain("operation:");
  });
});

describe("the list of the log", () => {
  it("goes on with another page under the same filter", async () => {
    const { key, client, log } = await open();
    await seedChanges(key, 60, { lastAt: Date.now() });
    const first = await log("?resourceType=User&span=24h");
    expect(rowsIn(first.html)).toHaveLength(50);
    const next = /href="([^"]*cursor[^"]*)"/.exec(first.html)?.[1]?.replaceAll("&amp;", "&") ?? "";
    expect(next).toContain("resourceType=User");
    const second = await client.get(next);
    expect(rowsIn(second.html)).toHaveLength(10);
    expect(second.html).not.toContain("data-live");
  });

  it("is fetched anew by itself, but not where only the past is asked for", async () => {
    const { client, person, log } = await open();
    await person("ana");
    const { html } = await log("?outcome=applied");
    const live = /data-live="([^"]+)"/.exec(html)?.[1] ?? "";
    const fragment = await client.get(live.replaceAll("&amp;", "&"));
    expect(fragment.text).toContain("Done Create User ana");
    expect(fragment.html).not.toContain("<html");
    for (const query of ["?until=2030-01-01T00%3A00", "?q=ana"]) {
      expect((await log(query)).html).not.toContain("data-live");
    }
  });

  it.each([
    ["csv", "text/csv", /^seq,at,[^\n]*\r\n\d+,[^\n]*,create,User,/],
    ["ndjson", "application/x-ndjson", /^\{"seq":\d+,[^\n]*"operation":"create"[^\n]*\}\n$/],
  ])("is a file of %s under the same filter", async (as, type, form) => {
    const { client, path, person, scim } = await open();
    const id = await person("ana");
    await scim.post("/Groups", { displayName: "Staff" });
    const { headers, html } = await client.get(`${path}/export?as=${as}&person=${id}`);
    expect(headers.get("Content-Type")).toContain(type);
    expect(headers.get("Content-Disposition")).toContain("attachment");
    expect(html).toMatch(form);
    expect(html).not.toContain("Staff");
  });
});

describe("who sees the log", () => {
  it("is the tenant's own administrator, and the guest of a set-up link, who sees no people's pages", async () => {
    const [own, other] = [await open(), await open()];
    await own.person("ana", "Ana");
    const made = await admin("POST", `/tenants/${own.slug}/admin-keys`, {
      name: "A",
      role: "admin",
    });
    const administrator = await signedInClient(String(made.body["key"]));
    const link = await admin("POST", `/tenants/${own.slug}/setup-links`, {});
    const guest = consoleClient();
    await guest.post(new URL(String(link.body["url"])).pathname, {}, { csrf: "" });
    for (const client of [administrator, guest]) {
      const page = await client.get(own.path);
      expect(page.text).toContain("Create User Ana");
      for (const rest of ["", "/live", "/export?as=csv"]) {
        expect((await client.get(other.path + rest)).status).toBe(404);
      }
    }
    const { html } = await guest.get(own.path);
    expect(html).not.toContain(`/console/t/${own.slug}/people`);
    expect((await consoleClient().get(own.path)).status).toBe(303);
  });
});
