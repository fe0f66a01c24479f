import { describe, expect, it } from "vitest";

import { admin, mintTenant } from "../../mint-tenant.ts";
import { ENTERPRISE, patchOf } from "../../scim-client.ts";
import { signedInClient } from "./console-client.ts";

/** A tenant that adopts by email, and the pages of its people. */
async function open(settings: Record<string, unknown> = {}) {
  const tenant = await mintTenant({ preset: "training", settings });
  const { slug, scim } = tenant;
  const client = await signedInClient();
  const people = `/console/t/${slug}/people`;
  return {
    ...tenant,
    client,
    people,
    enrolled: async (fields: object) => (await admin("POST", `/tenants/${slug}/users`, fields)).id,
    provisioned: async (fields: object) => (await scim.post("/Users", fields)).id,
    department: async (name: string) =>
      (await admin("POST", `/tenants/${slug}/departments`, { name })).id,
    show: (id: string, query = "") => client.get(`${people}/${id}${query}`),
    send: (id: string, fields: Record<string, string>) => client.post(`${people}/${id}`, fields),
    read: async (id: string) => (await admin("GET", `/tenants/${slug}/users/${id}`)).body,
  };
}

describe("the page of a person", () => {
  it("shows every attribute with its source, and what came of it", async () => {
    const { provisioned, scim, show, slug } = await open();
    const id = await provisioned({
      userName: "ana",
      displayName: `Ana <script>"`,
      title: "Head of <b>",
      emails: [{ value: "ana@example.com", type: "work" }],
      [ENTERPRISE]: { department: "Sales", costCenter: "4711" },
    });
    const group = await scim.post("/Groups", { displayName: "Staff", members: [{ value: id }] });
    const { status, html, text } = await show(id);
    expect(status).toBe(200);
    expect(text).toContain("Email ana@example.com their work address");
    expect(text).toContain("title Head of <b> identity provider");
    expect(text).toContain("emails ana@example.com (work) identity provider");
    expect(text).toContain(`costCenter ${ENTERPRISE} 4711 identity provider`);
    expect(text).toContain("Staff a group");
    expect(html).toContain(`href="/console/t/${slug}/groups/${group.id}"`);
    expect(html).not.toContain("<script>");
    expect(html).not.toContain("<b>");
    expect(html).not.toContain('value="edit"');
  });

  it("tells an adoption from what was there before it", async () => {
    const { enrolled, provisioned, show } = await open();
    const id = await enrolled({ email: "ana@example.com", displayName: "Ana" });
    expect((await show(id)).text).toContain("displayName Ana by hand");
    expect(await provisioned({ userName: "ana@example.com", title: "Boss" })).toBe(id);
    const { text } = await show(id);
    expect(text).toContain("Enrolled by hand and adopted");
    expect(text).toContain("because the email fitted");
    expect(text).toContain("displayName Ana by hand");
    expect(text).toContain("title Boss identity provider");
  });

  it("tells the history, times in departments included, page by page", async () => {
    const { provisioned, scim, show, client } = await open();
    const id = await provisioned({ userName: "ana", [ENTERPRISE]: { department: "Sales" } });
    const first = await show(id);
    expect(first.text).toContain("Create User ana userName, department, active");
    expect(first.text).toContain("Assign User ana department Sales");
    for (let at = 0; at < 50; at++) {
      await scim.patch(`/Users/${id}`, patchOf({ op: "replace", path: "title", value: `T${at}` }));
    }
    const newest = await show(id);
    expect(newest.text).not.toContain("Create User");
    const next = /href="([^"]*cursor[^"]*)"/.exec(newest.html)?.[1] ?? "";
    expect((await client.get(next)).text).toContain("Create User ana");
  });

  it("shows somebody who was deleted, and leads there from whoever came back", async () => {
    const { provisioned, scim, show, people } = await open();
    const before = await provisioned({ userName: "ana", displayName: "Ana" });
    await scim.delete(`/Users/${before}`);
    const gone = await show(before);
    expect(gone.text).toContain("Deleted");
    expect(gone.text).toContain("displayName Ana identity provider");
    expect(gone.html).not.toContain('value="delete"');
    const after = await provisioned({ userName: "ana" });
    expect((await show(after)).html).toContain(`href="${people}/${before}"`);
  });

  it("is not there for an id that nobody has", async () => {
    const { show } = await open();
    expect(await show("nobody")).toMatchObject({ status: 404 });
  });
});

describe("an administrator", () => {
  it("changes somebody who was enrolled by hand; an emptied field takes the value away", async () => {
    const { enrolled, send, read, show, people } = await open();
    const id = await enrolled({ email: "ana@example.com", givenName: "Ana", department: "Sales" });
    expect((await show(id)).html).toContain('value="Sales"');
    const typed = {
      does: "edit",
      email: "ana@example.com",
      userName: "ana@example.com",
      givenName: "",
      familyName: "Vega",
      displayName: "Ana V.",
      department: "Retail",
    };
    expect(await send(id, typed)).toMatchObject({
      status: 303,
      location: `${people}/${id}?done=changed`,
    });
    expect(await read(id)).toMatchObject({
      givenName: null,
      familyName: "Vega",
      displayName: "Ana V.",
      departments: [{ name: "Retail" }],
    });
  });

  it("is told why a change is refused, with what was typed still there", async () => {
    const { enrolled, send, read } = await open();
    await enrolled({ email: "bea@example.com" });
    const id = await enrolled({ email: "ana@example.com", givenName: "Ana" });
    const typed = { does: "edit", userName: "bea@example.com", givenName: `"Bea"` };
    const taken = await send(id, typed);
    expect(taken.status).toBe(409);
    expect(taken.text).toContain("Another user already has this email address.");
    expect(taken.html).toContain('value="&quot;Bea&quot;"');
    expect(await read(id)).toMatchObject({ userName: "ana@example.com", givenName: "Ana" });
  });

  it("cannot change what the identity provider says", async () => {
    const { provisioned, send, read } = await open();
    const id = await provisioned({ userName: "ana@example.com", displayName: "Ana" });
    const refused = await send(id, { does: "edit", userName: "ana@example.com", displayName: "B" });
    expect(refused.status).toBe(409);
    expect(refused.text).toContain("owns email, displayName");
    expect(await read(id)).toMatchObject({ displayName: "Ana" });
  });

  it("deactivates and activates", async () => {
    const { provisioned, send, read, show } = await open();
    const id = await provisioned({ userName: "ana" });
    expect(await send(id, { does: "deactivate" })).toMatchObject({ status: 303 });
    expect(await read(id)).toMatchObject({ active: false });
    expect((await show(id, "?done=deactivated")).text).toContain("The person is inactive.");
    expect((await show(id)).text).toContain("deactivated by hand");
    expect(await send(id, { does: "activate" })).toMatchObject({ status: 303 });
    expect(await read(id)).toMatchObject({ active: true });
    expect((await show(id)).text).not.toContain("deactivated by hand");
  });

  it("adopts and undoes the adoption, and is told where it cannot be", async () => {
    const { enrolled, provisioned, send, read } = await open();
    const id = await enrolled({ email: "ana@example.com" });
    expect(await send(id, { does: "adopt" })).toMatchObject({ status: 303 });
    expect(await read(id)).toMatchObject({ origin: "scim", adoptedBy: "admin" });
    const again = await send(id, { does: "adopt" });
    expect(again.status).toBe(409);
    expect(again.text).toContain("manages this person already");
    expect(await send(id, { does: "unadopt" })).toMatchObject({ status: 303 });
    expect(await read(id)).toMatchObject({ origin: "manual" });
    const other = await send(await provisioned({ userName: "bea" }), { does: "unadopt" });
    expect(other.status).toBe(409);
    expect(other.text).toContain("no adoption to undo");
  });

  it("puts somebody into a department by its name, and takes them out", async () => {
    const { provisioned, department, send, read } = await open();
    const id = await provisioned({ userName: "ana" });
    const sales = await department("Sales");
    expect(await send(id, { does: "assign", into: "sal" })).toMatchObject({ status: 303 });
    expect(await read(id)).toMatchObject({ departments: [{ name: "Sales", source: "manual" }] });
    const refused = await send(id, { does: "assign", into: `No"where` });
    expect(refused.status).toBe(422);
    expect(refused.html).toContain('value="No&quot;where"');
    expect(await send(id, { does: "unassign", department: sales })).toMatchObject({ status: 303 });
    expect(await read(id)).toMatchObject({ departments: [] });
    expect(await send(id, { does: "unassign", department: "x" })).toMatchObject({ status: 404 });
  });

  it("invites where the tenant invites", async () => {
    const tenant = await open({ invitations: "off" });
    const { provisioned, send, show } = tenant;
    const id = await provisioned({ userName: "ana@example.com" });
    expect((await show(id)).html).not.toContain('value="invite"');
    expect((await send(id, { does: "invite" })).status).toBe(409);
    await tenant.change({ settings: { invitations: "manual" } });
    expect((await show(id)).html).toContain('value="invite"');
    expect((await send(id, { does: "invite" })).text).toContain("1 person invited");
    expect((await send(id, { does: "invite" })).text).toContain("Not invited: 1 queued already.");
  });

  it("deletes, having read what is kept", async () => {
    const { provisioned, send, show, people, client, read } = await open();
    const id = await provisioned({ userName: "ana" });
    expect((await show(id)).text).toContain("A record is kept for the history");
    const answer = await send(id, { does: "delete" });
    expect(answer).toMatchObject({ status: 303, location: `${people}?done=deleted` });
    expect((await client.get(answer.location ?? "")).text).toContain("The person is deleted.");
    expect(await read(id)).toMatchObject({ deletedAt: expect.any(String) });
    const kept = await open({ onDelete: "erase" });
    const other = await kept.provisioned({ userName: "ana" });
    expect((await kept.show(other)).text).toContain("Nothing of them is kept");
  });

  it("erases only who was named, deleted people too", async () => {
    const { provisioned, scim, send, show, people } = await open();
    const id = await provisioned({ userName: "ana", displayName: `Ana "A"` });
    await scim.delete(`/Users/${id}`);
    const refused = await send(id, { does: "erase", confirm: "Bea" });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain(`Type Ana "A" as it stands here.`);
    expect((await show(id)).status).toBe(200);
    expect(await send(id, { does: "erase", confirm: `Ana "A"` })).toMatchObject({
      status: 303,
      location: `${people}?done=erased`,
    });
    expect((await show(id)).status).toBe(404);
  });
});
