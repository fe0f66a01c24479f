import { describe, expect, it } from "vitest";

import { mintTenant } from "../../mint-tenant.ts";
import { signedInClient } from "./console-client.ts";

/** A tenant with people and groups, and its pages of groups. */
async function open(groups: "departments" | "plain" | "off" = "departments") {
  const tenant = await mintTenant({ preset: "training" });
  const { slug, scim } = tenant;
  const person = async (displayName: string) =>
    (await scim.post("/Users", { userName: `${displayName}@example.com`, displayName })).id;
  const group = async (displayName: string, members: readonly string[] = []) =>
    (await scim.post("/Groups", { displayName, members: members.map((value) => ({ value })) })).id;
  const client = await signedInClient();
  return {
    person,
    group,
    setUp: () => tenant.change({ settings: { groups } }),
    path: `/console/t/${slug}`,
    list: (query = "") => client.get(`/console/t/${slug}/groups${query}`),
    show: (id: string, query = "") => client.get(`/console/t/${slug}/groups/${id}${query}`),
  };
}

describe("the page of groups", () => {
  it("lists them with their members counted and the department that each feeds", async () => {
    const { person, group, list, path } = await open();
    const id = await group('Sales <script>"', [await person("Ann"), await person("Bob")]);
    const { status, text, html } = await list();
    expect(status).toBe(200);
    expect(text).toContain('Sales <script>" 2 Sales <script>"');
    expect(html).not.toContain("<script>");
    expect(html).toContain(`href="${path}/groups/${id}"`);
    expect(html).toMatch(new RegExp(`href="${path}/departments/[0-9a-f-]{36}"`));
  });

  it("searches by the beginning of a name", async () => {
    const { group, list } = await open();
    await group("Sales");
    await group("Retail");
    const { text } = await list("?q=sa");
    expect(text).toContain("Sales");
    expect(text).not.toContain("Retail");
    expect((await list("?q=x")).text).toContain("No group begins like that.");
  });

  it("goes on with another page", async () => {
    const { group, list } = await open();
    for (let at = 0; at < 51; at++) await group(`Group ${String(at).padStart(2, "0")}`);
    const first = await list();
    expect(first.text).toContain("Group 49");
    expect(first.text).not.toContain("Group 50");
    const next = /\?cursor=[^"]+/.exec(first.html)?.[0] ?? "";
    expect((await list(next)).text).toContain("Group 50");
  });

  it("says where groups come from while there is none", async () => {
    expect((await (await open()).list()).text).toContain("There is no group yet.");
  });

  it.each([
    ["plain", "make no departments"],
    ["off", "can send none"],
  ] as const)("says what %s groups are", async (groups, words) => {
    const { group, setUp, list } = await open(groups);
    await group("Sales");
    await setUp();
    const { text, html } = await list();
    expect(text).toContain(words);
    expect(text).toContain("Sales 0 none");
    expect(html).toContain("/settings");
  });
});

describe("the page of a group", () => {
  it("shows its members, people and groups, with links to them", async () => {
    const { person, group, show, path } = await open();
    const ann = await person("<b>Ann</b>");
    const nested = await group("Nested");
    const { status, text, html } = await show(await group("Sales", [ann, nested]));
    expect(status).toBe(200);
    expect(text).toContain("Members 2");
    expect(text).toContain("<b>Ann</b> <b>Ann</b>@example.com");
    expect(html).not.toContain("<b>Ann");
    expect(html).toContain(`href="${path}/people/${ann}"`);
    expect(html).toContain(`href="${path}/groups/${nested}"`);
  });

  it("goes on with another page of members", async () => {
    const { person, group, show } = await open();
    const people: string[] = [];
    for (let at = 0; at < 51; at++) people.push(await person(`P${at}x`));
    const id = await group("Sales", people);
    const first = await show(id);
    expect(first.text).not.toContain("P50x");
    expect((await show(id, /\?cursor=[^"]+/.exec(first.html)?.[0])).text).toContain("P50x");
  });

  it("is 404 for a group that is not there", async () => {
    expect((await (await open()).show("nothing")).status).toBe(404);
  });
});
