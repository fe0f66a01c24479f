import { describe, expect, it } from "vitest";

import { mintTenant } from "../mint-tenant.ts";
import { patchOf, type Answer, type Json } from "../scim-client.ts";

const bulkOf = (operations: readonly Json[], more: Json = {}): Json => ({
  schemas: ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
  Operations: operations,
  ...more,
});

interface Result {
  readonly method?: string;
  readonly bulkId?: string;
  readonly status: string;
  readonly location?: string;
  readonly version?: string;
  readonly response?: Json;
}

/** The guarantee of the cast: the tests look at every member that they use. */
const resultsOf = (answer: Answer) => answer.body["Operations"] as Result[];
const idOf = (result: Result | undefined) => result?.location?.split("/").at(-1) ?? "";

const post = (bulkId: string, path: string, data: Json): Json => ({
  method: "POST",
  path,
  bulkId,
  data,
});

describe("a bulk request", () => {
  it("carries out every method and tells each result with its location and version", async () => {
    const { scim } = await mintTenant();
    const ana = (await scim.post("/Users", { userName: "ana" })).id;
    const bo = (await scim.post("/Users", { userName: "bo" })).id;
    const answer = await scim.post(
      "/Bulk",
      bulkOf([
        post("new", "/Users", { userName: "new" }),
        { method: "PUT", path: `/Users/${ana}`, data: { userName: "ana", title: "Cook" } },
        {
          method: "PATCH",
          path: `/Users/${ana}`,
          data: patchOf({ op: "add", path: "nickName", value: "A" }),
        },
        { method: "DELETE", path: `/Users/${bo}` },
      ]),
    );
    expect(answer.status, answer.text).toBe(200);
    expect(resultsOf(answer).map(({ method, status }) => [method, status])).toEqual([
      ["POST", "201"],
      ["PUT", "200"],
      ["PATCH", "200"],
      ["DELETE", "204"],
    ]);
    expect(resultsOf(answer)[0]).toMatchObject({ bulkId: "new", version: 'W/"1"' });
    expect((await scim.get(`/Users/${ana}`)).body).toMatchObject({ title: "Cook", nickName: "A" });
    expect((await scim.get(`/Users/${bo}`)).status).toBe(404);
  });

  it("resolves references to people who are created later in the request", async () => {
    const { scim } = await mintTenant();
    const answer = await scim.post(
      "/Bulk",
      bulkOf([
        post("team", "/Groups", { displayName: "Team", members: [{ value: "bulkId:ana" }] }),
        post("ana", "/Users", { userName: "ana" }),
      ]),
    );
    const [team, ana] = resultsOf(answer);
    expect([team?.status, ana?.status]).toEqual(["201", "201"]);
    const group = await scim.get(`/Groups/${idOf(team)}`);
    expect(group.body["members"]).toMatchObject([{ value: idOf(ana) }]);
  });

  it("resolves groups that contain each other", async () => {
    const { scim } = await mintTenant();
    const answer = await scim.post(
      "/Bulk",
      bulkOf([
        post("a", "/Groups", { displayName: "A", members: [{ value: "bulkId:b" }] }),
        post("b", "/Groups", { displayName: "B", members: [{ value: "bulkId:a" }] }),
      ]),
    );
    const [a, b] = resultsOf(answer);
    expect([a?.status, b?.status]).toEqual(["201", "201"]);
    expect((await scim.get(`/Groups/${idOf(a)}`)).body["members"]).toMatchObject([
      { value: idOf(b), type: "Group" },
    ]);
    expect((await scim.get(`/Groups/${idOf(b)}`)).body["members"]).toMatchObject([
      { value: idOf(a), type: "Group" },
    ]);
  });

  it("goes on after a failure and stops after as many as failOnErrors allows", async () => {
    const { scim } = await mintTenant();
    const operations = [
      post("1", "/Users", { userName: "same" }),
      post("2", "/Users", { userName: "SAME" }),
      post("3", "/Users", { userName: "other" }),
    ];
    const all = resultsOf(await scim.post("/Bulk", bulkOf(operations)));
    expect(all.map(({ status }) => status)).toEqual(["201", "409", "201"]);
    expect(all[1]?.response).toMatchObject({ status: "409", scimType: "uniqueness" });

    const other = await mintTenant();
    const stopped = await other.scim.post("/Bulk", bulkOf(operations, { failOnErrors: 1 }));
    expect(resultsOf(stopped).map(({ status }) => status)).toEqual(["201", "409"]);
    expect((await other.scim.get("/Users")).body["totalResults"]).toBe(1);
  });

  it("refuses an operation whose version is not the current one", async () => {
    const { scim } = await mintTenant();
    const { id } = await scim.post("/Users", { userName: "ana" });
    const [result] = resultsOf(
      await scim.post(
        "/Bulk",
        bulkOf([{ method: "DELETE", path: `/Users/${id}`, version: 'W/"9"' }]),
      ),
    );
    expect(result?.status).toBe("412");
    expect((await scim.get(`/Users/${id}`)).status).toBe(200);
  });

  it("is refused as a whole above a hundred operations, and by the permissions one by one", async () => {
    const { scim, slug, through } = await mintTenant();
    const many = Array.from({ length: 101 }, (_, at) =>
      post(`u${at}`, "/Users", { userName: `u${at}` }),
    );
    expect((await scim.post("/Bulk", bulkOf(many))).status).toBe(413);
    expect((await scim.get("/Users")).body["totalResults"]).toBe(0);
    const { issueToken, throughTheDoor } = await import("../mint-tenant.ts");
    const { token } = await issueToken(slug, { scopes: ["users:read", "users:write"] });
    const limited = through(throughTheDoor, { token });
    const mixed = resultsOf(
      await limited.post(
        "/Bulk",
        bulkOf([
          post("u", "/Users", { userName: "u" }),
          post("g", "/Groups", { displayName: "g" }),
        ]),
      ),
    );
    expect(mixed.map(({ status }) => status)).toEqual(["201", "403"]);
  });
});
