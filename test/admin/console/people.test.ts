import { describe, expect, it } from "vitest";

import { admin, mintTenant } from "../../mint-tenant.ts";
import { seedPeople } from "../../seed-people.ts";
import { signedInClient } from "./console-client.ts";

/** A tenant and the page of its people. */
async function open() {
  const tenant = await mintTenant({ preset: "phishing" });
  const client = await signedInClient();
  const path = `/console/t/${tenant.slug}/people`;
  const provisioned = async (userName: string, fields: object = {}) =>
    (await tenant.scim.post("/Users", { userName, ...fields })).id;
  const enrolled = async (email: string) =>
    (await admin("POST", `/tenants/${tenant.slug}/users`, { email })).id;
  const department = async (name: string) =>
    (await admin("POST", `/tenants/${tenant.slug}/departments`, { name })).id;
  return {
    ...tenant,
    client,
    path,
    provisioned,
    enrolled,
    department,
    list: (query = "") => client.get(path + query),
    people: async () =>
      (await admin("GET", `/tenants/${tenant.slug}/users`)).body["items"] as Record<
        string,
        unknown
      >[],
  };
}

describe("the list of people", () => {
  it("says who they are, where they come from, and where they are", async () => {
    const { provisioned, enrolled, department, client, path, list } = await open();
    const id = await provisioned("ana@example.com", {
      displayName: `Ana <script>"`,
      active: false,
    });
    await enrolled("bea@example.com");
    await department("Sales");
    await client.post(path, { does: "assign", id, into: "Sales" });
    const { status, html, text } = await list();
    expect(status).toBe(200);
    expect(text).toContain(`Ana <script>" ana@example.com identity provider Inactive Sales`);
    expect(text).toContain("bea@example.com bea@example.com by hand Active");
    expect(html).toContain(`href="${path}/${id}"`);
    expect(html).not.toContain("<script>");
  });

  it.each([
    ["q=an", ["ana"], ["bea", "cleo"]],
    ["origin=manual", ["bea"], ["ana", "cleo"]],
    ["active=false", ["cleo"], ["ana", "bea"]],
    ["department=sales", ["ana"], ["bea", "cleo"]],
    ["q=ana&active=false", ["Nobody fits."], ["ana@", "bea", "cleo"]],
    ["department=Nowhere", ["There is no department “Nowhere”."], ["ana@", "bea", "cleo"]],
    ["department=s", ["Several departments begin with “s”: Sales, Support."], ["ana@"]],
  ])("filtered by %s", async (query, found, others) => {
    const { provisioned, enrolled, department, client, path, list } = await open();
    const id = await provisioned("ana@example.com");
    await enrolled("bea@example.com");
    await provisioned("cleo@example.com", { active: false });
    await department("Sales");
    await department("Support");
    await client.post(path, { does: "assign", id, into: "Sales" });
    const { text } = await list(`?${query}`);
    for (const words of found) expect(text).toContain(words);
    for (const words of others) expect(text).not.toContain(words);
  });

  it("goes on with another page, and its forms stay on it", async () => {
    const { key, provisioned, client, list, path } = await open();
    await seedPeople(key, await provisioned("model"), 60);
    const first = await list("?origin=scim");
    expect(first.html.match(/type="checkbox"/g)).toHaveLength(50);
    const next = /href="([^"]*cursor[^"]*)"/.exec(first.html)?.[1]?.replaceAll("&amp;", "&") ?? "";
    expect(next).toContain("origin=scim");
    const second = await client.get(next);
    expect(second.html.match(/type="checkbox"/g)).toHaveLength(11);
    const refused = await client.post(next, { does: "invite" }, { from: path });
    expect(refused.status).toBe(422);
    expect(refused.html.match(/type="checkbox"/g)).toHaveLength(11);
  });

  it("says where people come from while there is nobody", async () => {
    expect((await (await open()).list()).text).toContain("Nobody is here yet.");
  });

  it("is a file too", async () => {
    const { enrolled, client, path } = await open();
    await enrolled("bea@example.com");
    const { headers, html } = await client.get(`${path}/export`);
    expect(headers.get("Content-Disposition")).toContain("attachment");
    expect(html).toContain("\r\nbea@example.com,");
  });
});

describe("those who are ticked", () => {
  it("are assigned to the department of the name", async () => {
    const { provisioned, department, client, path, people } = await open();
    const ids = [await provisioned("ana"), await provisioned("bea")];
    await provisioned("cleo");
    await department("Sales");
    const { status, text } = await client.post(path, { does: "assign", id: ids, into: "SALES" });
    expect(status).toBe(200);
    expect(text).toContain("2 people newly assigned to Sales.");
    expect(
      (await people()).map(({ userName, departments }) => [userName, departments]),
    ).toMatchObject([
      ["ana", [{ name: "Sales", source: "manual" }]],
      ["bea", [{ name: "Sales", source: "manual" }]],
      ["cleo", []],
    ]);
  });

  it("are invited, and who is not is told with the reason", async () => {
    const { provisioned, client, path, slug } = await open();
    const ids = [
      await provisioned("ana@example.com"),
      await provisioned("bea@example.com", { active: false }),
    ];
    const { status, text } = await client.post(path, { does: "invite", id: ids });
    expect(status).toBe(200);
    expect(text).toContain("1 person invited");
    expect(text).toContain("Not invited: 1 inactive.");
    const { body } = await admin("GET", `/tenants/${slug}/invitations`);
    expect(body["items"]).toMatchObject([{ userId: ids[0], state: "queued" }]);
  });

  it.each([
    [{ does: "assign", into: "Sales" }, "Tick somebody first."],
    [{ does: "assign", id: "ID", into: "" }, "Type the name of a department."],
    [{ does: "assign", id: "ID", into: "Nowhere" }, "There is no department “Nowhere”."],
    [{ does: "assign", id: "ID", into: "s" }, "Several departments begin with “s”"],
    [{ does: "invite" }, "Tick somebody first."],
    [{ does: "dance" }, "There is no such form."],
  ])("%o is refused, and the ticks stay", async (fields, reason) => {
    const { provisioned, department, client, path, people } = await open();
    const id = await provisioned("ana");
    await department("Sales");
    await department("Support");
    const given: Record<string, string> = "id" in fields ? { ...fields, id } : fields;
    const { status, html, text } = await client.post(path, given);
    expect(status).toBe(422);
    expect(text).toContain(reason);
    expect(html.includes('checked=""')).toBe("id" in fields);
    expect(await people()).toMatchObject([{ departments: [] }]);
  });

  it("cannot be invited while the tenant invites nobody", async () => {
    const tenant = await open();
    const { provisioned, client, path } = tenant;
    const id = await provisioned("ana@example.com");
    await tenant.change({ settings: { invitations: "off" } });
    const { status, text } = await client.post(path, { does: "invite", id });
    expect(status).toBe(409);
    expect(text).toContain("Invitations are switched off");
  });
});

describe("the form for a new person", () => {
  it("leads to their page", async () => {
    const { client, path, people } = await open();
    const answer = await client.post(path, {
      does: "enrol",
      email: "ana@example.com",
      givenName: "Ana",
      familyName: "",
    });
    const [ana] = await people();
    expect(ana).toMatchObject({ origin: "manual", email: "ana@example.com", familyName: null });
    expect(answer).toMatchObject({
      status: 303,
      location: `${path}/${String(ana?.["id"])}?done=enrolled`,
    });
    expect((await client.get(answer.location ?? "")).text).toContain("The person is added.");
  });

  it.each([
    ["not an address", 422, "email: This is not an email address."],
    ["ana@example.com", 409, "Another user already has this email address."],
  ])("refuses %s, and what was typed is still there", async (email, status, reason) => {
    const { client, path, enrolled, people } = await open();
    await enrolled("ana@example.com");
    const answer = await client.post(path, { does: "enrol", email, givenName: `A"<b>` });
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(reason);
    expect(answer.html).toContain(`value="${email}"`);
    expect(answer.html).toContain('value="A&quot;&lt;b&gt;"');
    expect(await people()).toHaveLength(1);
  });
});
