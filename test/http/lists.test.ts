import { describe, expect, it } from "vitest";

import { mintTenant, type MintedTenant } from "../mint-tenant.ts";
import type { Answer, Json, ScimClient } from "../scim-client.ts";

const SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";

async function people(names: readonly string[], fields: (at: number) => Json = () => ({})) {
  const tenant = await mintTenant();
  for (const [at, name] of names.entries()) {
    const made = await tenant.scim.post("/Users", { userName: name, ...fields(at) });
    expect(made.status, made.text).toBe(201);
  }
  return tenant;
}

const namesOf = (answer: Answer) => answer.resources.map((resource) => resource["userName"]);

/** Every page of a list by cursor, from the first to the last. */
async function crawl(scim: ScimClient, query: string, between = async () => {}): Promise<Answer[]> {
  const pages: Answer[] = [];
  let cursor = "";
  for (;;) {
    const page = await scim.get(`/Users?${query}&cursor=${cursor}`);
    expect(page.status, page.text).toBe(200);
    pages.push(page);
    const next = page.body["nextCursor"];
    if (typeof next !== "string") return pages;
    cursor = next;
    await between();
  }
}

describe("a list by cursor", () => {
  const names = ["delta", "alpha", "Echo", "bravo", "Charlie"];

  it("gives every resource once, with the total on every page and no startIndex", async () => {
    const { scim } = await people(names);
    const pages = await crawl(scim, "count=2");
    expect(pages.map((page) => page.resources.length)).toEqual([2, 2, 1]);
    expect(pages.flatMap(namesOf)).toEqual(names);
    for (const page of pages) {
      expect(page.body).toMatchObject({ totalResults: 5 });
      expect(page.body).not.toHaveProperty("startIndex");
    }
  });

  it.each([
    ["userName", "ascending", ["alpha", "bravo", "Charlie", "delta", "Echo"]],
    ["userName", "descending", ["Echo", "delta", "Charlie", "bravo", "alpha"]],
    ["title", "ascending", ["Echo", "Charlie", "delta", "alpha", "bravo"]],
    ["title", "descending", ["delta", "alpha", "bravo", "Charlie", "Echo"]],
  ])("keeps the order of %s, %s", async (sortBy, sortOrder, expected) => {
    const titles: Record<number, Json> = { 2: { title: "a" }, 4: { title: "B" } };
    const { scim } = await people(names, (at) => titles[at] ?? {});
    const pages = await crawl(scim, `count=1&sortBy=${sortBy}&sortOrder=${sortOrder}`);
    expect(pages.flatMap(namesOf)).toEqual(expected);
  });

  it("neither repeats nor misses anybody while others come and go", async () => {
    const { scim } = await people(names);
    const doomed = (await scim.get("/Users?count=1")).resources[0];
    let step = 0;
    const pages = await crawl(scim, "count=2", async () => {
      if (step === 0) await scim.delete(`/Users/${String(doomed?.["id"])}`);
      await scim.post("/Users", { userName: `late-${step++}` });
    });
    const seen = pages.flatMap(namesOf);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(names));
  });

  it("filters, and counts what the filter finds", async () => {
    const { scim } = await people(names);
    const filter = encodeURIComponent('userName co "a"');
    const pages = await crawl(scim, `count=2&filter=${filter}`);
    expect(pages.flatMap(namesOf)).toEqual(["delta", "alpha", "bravo", "Charlie"]);
    expect(pages[0]?.body["totalResults"]).toBe(4);
  });

  it("refuses a cursor of another query, and one that is none", async () => {
    const { scim } = await people(names);
    const first = await scim.get("/Users?count=2&cursor=");
    const cursor = String(first.body["nextCursor"]);
    for (const path of [
      `/Users?cursor=${cursor}&sortBy=userName`,
      `/Users?cursor=${cursor}&filter=${encodeURIComponent("userName pr")}`,
      `/Groups?cursor=${cursor}`,
      "/Users?cursor=bogus",
    ]) {
      expect((await scim.get(path)).body, path).toMatchObject({
        status: "400",
        scimType: "invalidCursor",
      });
    }
    expect((await scim.get("/Users?cursor=&count=many")).body["scimType"]).toBe("invalidCount");
  });

  it("runs inside the tenant of the token that brings the cursor", async () => {
    const one = await people(names);
    const other = await people(["zulu"]);
    const cursor = String((await one.scim.get("/Users?count=2&cursor=")).body["nextCursor"]);
    const page = await other.scim.get(`/Users?cursor=${cursor}`);
    expect(namesOf(page).filter((name) => names.includes(String(name)))).toEqual([]);
  });

  it("is announced", async () => {
    const { scim } = await mintTenant();
    expect((await scim.get("/ServiceProviderConfig")).body["pagination"]).toMatchObject({
      cursor: true,
      index: true,
      maxPageSize: 200,
    });
  });
});

describe("the configuration", () => {
  it("is told whatever filter is sent along, since it is no list", async () => {
    const { scim } = await mintTenant();
    const told = await scim.get("/ServiceProviderConfig?filter=bogus");
    expect(told.status).toBe(200);
    expect(told.body).toMatchObject({ patch: { supported: true }, bulk: { supported: true } });
  });
});

describe("a search by POST", () => {
  const search = (fields: Json): Json => ({ schemas: [SEARCH], ...fields });

  it("answers as the same query by GET does", async () => {
    const { scim } = await people(["ana@example.com", "bo@example.com"]);
    const body = search({ filter: 'userName sw "ana"', attributes: ["userName"], count: 5 });
    const found = await scim.post("/Users/.search", body);
    expect(found.status).toBe(200);
    expect(found.resources).toEqual([
      { schemas: [expect.any(String)], id: expect.any(String), userName: "ana@example.com" },
    ]);
    const paged = await scim.post("/Users/.search", search({ count: 1, cursor: "" }));
    expect(paged.body["nextCursor"]).toEqual(expect.any(String));
  });

  const both = async (): Promise<MintedTenant> => {
    const tenant = await people(["ana@example.com", "bo@example.com"], () => ({
      displayName: "X",
    }));
    await tenant.scim.post("/Groups", { displayName: "X" });
    return tenant;
  };

  it("looks at every resource type from the root, page by page", async () => {
    const { scim } = await both();
    const all = await scim.post("/.search", search({ filter: 'displayName eq "x"' }));
    expect(all.body).toMatchObject({ totalResults: 3, itemsPerPage: 3 });
    const second = await scim.post("/.search", search({ startIndex: 2, count: 2 }));
    expect(second.body).toMatchObject({ totalResults: 3, startIndex: 2, itemsPerPage: 2 });
    expect(second.resources.map((found) => found["displayName"])).toEqual(["X", "X"]);
    const onlyUsers = await scim.post("/.search", search({ filter: "userName pr" }));
    expect(onlyUsers.body["totalResults"]).toBe(2);
  });

  it("pages by cursor from the root, across the resource types", async () => {
    const { scim } = await both();
    await scim.post("/Groups", { displayName: "Y" });
    for (const count of [1, 2, 3]) {
      const seen: unknown[] = [];
      let cursor: unknown = "";
      for (let page = 0; typeof cursor === "string" && page < 9; page++) {
        const found = await scim.post("/.search", search({ count, cursor, sortBy: "displayName" }));
        expect(found.body["totalResults"], found.text).toBe(4);
        seen.push(...found.resources.map((resource) => resource["displayName"]));
        cursor = found.body["nextCursor"];
      }
      expect(seen).toEqual(["X", "X", "X", "Y"]);
    }
  });

  it("keeps the resource types that lack the attribute of the order", async () => {
    const { scim } = await both();
    const found = await scim.post("/.search", search({ sortBy: "userName", count: 9 }));
    expect(found.body["totalResults"]).toBe(3);
    const paged = await scim.post("/.search", search({ sortBy: "userName", count: 2, cursor: "" }));
    const next = search({ sortBy: "userName", count: 2, cursor: paged.body["nextCursor"] });
    expect((await scim.post("/.search", next)).resources).toMatchObject([{ displayName: "X" }]);
    const unknown = await scim.post("/.search", search({ sortBy: "nothing" }));
    expect(unknown.body["scimType"]).toBe("invalidPath");
  });

  it("refuses what is no search", async () => {
    const { scim } = await both();
    for (const [path, body, scimType] of [
      ["/.search", search({ filter: "nothing eq 1" }), "invalidFilter"],
      ["/Users/.search", { schemas: ["urn:other"] }, "invalidSyntax"],
      ["/.search", search({ cursor: "bogus" }), "invalidCursor"],
    ] as const) {
      const refused = await scim.post(path, body);
      expect(refused.status).toBe(400);
      expect(refused.body["scimType"]).toBe(scimType);
    }
    expect((await scim.get("/.search")).status).toBe(405);
    expect((await scim.get("/Users/.search")).headers.get("Allow")).toBe("POST, OPTIONS");
  });
});
