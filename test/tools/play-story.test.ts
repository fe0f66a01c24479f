import { describe, expect, it } from "vitest";

import { type Fetch, type FetchInit, playStory, type Stage } from "../scenarios/play-story.ts";
import { parseStory } from "../scenarios/story.ts";

const ERROR = "urn:ietf:params:scim:api:messages:2.0:Error";
const LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
const USER = "urn:ietf:params:scim:schemas:core:2.0:User";

interface Sent extends FetchInit {
  readonly url: string;
}

/** A stage whose server gives the answers in turn and remembers what it was asked. */
function stageWith(...answers: readonly Response[]): { stage: Stage; sent: Sent[] } {
  const sent: Sent[] = [];
  const fetch: Fetch = (url, init) => {
    const answer = answers[sent.length];
    sent.push({ url, ...init });
    return answer === undefined
      ? Promise.reject(new Error("no more answers"))
      : Promise.resolve(answer);
  };
  const headers = { authorization: "Bearer t0k" };
  return {
    stage: { fetch, baseUrl: "https://scim.test/v2", headers, variables: { token: "t0k" } },
    sent,
  };
}

function answer(status: number, body?: unknown, headers: Record<string, string> = {}): Response {
  return new Response(body === undefined ? null : JSON.stringify(body), {
    status,
    headers: { "content-type": "application/scim+json", ...headers },
  });
}

const list = (...resources: readonly unknown[]) => ({
  schemas: [LIST],
  totalResults: resources.length,
  startIndex: 1,
  itemsPerPage: resources.length,
  Resources: resources,
});

function story(...steps: readonly object[]) {
  return parseStory("test.json", { name: "a story", source: "this test", per: "once", steps });
}

const find = {
  name: "finds the user",
  request: { method: "GET", path: "/Users?filter=userName+eq+%22a%22" },
  expect: { status: 200 },
  capture: { userId: "Resources.0.id?" },
};
const create = {
  name: "creates the user",
  when: { unset: "userId" },
  request: { method: "POST", path: "/Users", body: { userName: "a" } },
  expect: { status: 201 },
  capture: { userId: "id" },
};

const created = (): Response => {
  const location = "https://scim.test/v2/Users/7";
  const at = "2026-01-01T00:00:00.000Z";
  const meta = { resourceType: "User", created: at, lastModified: at, location };
  return answer(201, { schemas: [USER], id: "7", userName: "a", meta }, { location });
};

describe("playing a story", () => {
  it("creates what a filter did not find", async () => {
    const { stage, sent } = stageWith(answer(200, list()), created());
    const played = await playStory(story(find, create), stage);
    expect(played.passed).toBe(true);
    expect(played.variables).toMatchObject({ userId: "7" });
    expect(sent.map(({ method }) => method)).toEqual(["GET", "POST"]);
  });

  it("leaves out the creation of what a filter found", async () => {
    const { stage, sent } = stageWith(answer(200, list({ schemas: [USER], id: "9" })));
    const played = await playStory(story(find, create), stage);
    expect(played.variables).toMatchObject({ userId: "9" });
    expect(sent).toHaveLength(1);
  });

  it("ends at the first unexpected answer and quotes its detail", async () => {
    const detail = "There is one already.";
    const { stage } = stageWith(
      answer(409, { schemas: [ERROR], status: "409", scimType: "uniqueness", detail }),
    );
    const played = await playStory(story(create, find), stage);
    expect(played.passed).toBe(false);
    expect(played.steps.map(({ problems }) => problems)).toEqual([
      ["expected 201, got 409 uniqueness: There is one already."],
    ]);
  });

  it("lets a step replace or drop a header, whatever its spelling", async () => {
    const raw = { ...find, request: { ...find.request, headers: { Authorization: "{{token}}" } } };
    const none = { ...find, request: { ...find.request, headers: { AUTHORIZATION: null } } };
    const { stage, sent } = stageWith(answer(200, list()), answer(200, list()));
    await playStory(story(raw, none), stage);
    expect(sent.map(({ headers }) => headers["authorization"])).toEqual(["t0k", undefined]);
  });

  it("repeats a step and counts from 1", async () => {
    const page = {
      ...find,
      repeat: 2,
      request: { method: "GET", path: "/Users?startIndex={{index}}" },
    };
    const { stage, sent } = stageWith(answer(200, list()), answer(200, list()));
    await playStory(story(page), stage);
    expect(sent.map(({ url }) => url)).toEqual([
      "https://scim.test/v2/Users?startIndex=1",
      "https://scim.test/v2/Users?startIndex=2",
    ]);
  });

  it.each<[string, Response, string]>([
    [
      "an answer of another media type",
      answer(200, list(), { "content-type": "application/json" }),
      "Content-Type",
    ],
    [
      "an HTML page",
      new Response("<html>", { headers: { "content-type": "text/html" } }),
      "Content-Type",
    ],
    [
      "a list that repeats the request's count",
      answer(200, { ...list(), itemsPerPage: 100 }),
      "itemsPerPage",
    ],
    ["a list without Resources", answer(200, { schemas: [LIST], totalResults: 0 }), "Resources"],
    ["totals that are text", answer(200, { ...list(), totalResults: "0" }), "totalResults"],
  ])("refuses %s though the step does not mention it", async (_, response, word) => {
    const { stage } = stageWith(response);
    const played = await playStory(story({ ...find, capture: {} }), stage);
    expect(played.steps[0]?.problems.join()).toContain(word);
  });

  it.each<[string, Response, string]>([
    [
      "an error whose status is a number",
      answer(404, { schemas: [ERROR], status: 404, detail: "Gone." }),
      "status",
    ],
    ["an error without a detail", answer(404, { schemas: [ERROR], status: "404" }), "detail"],
  ])("refuses %s", async (_, response, word) => {
    const { stage } = stageWith(response);
    const missing = {
      name: "is gone",
      request: { method: "GET", path: "/Users/1" },
      expect: { status: 404 },
    };
    const played = await playStory(story(missing), stage);
    expect(played.steps[0]?.problems.join()).toContain(word);
  });

  it("refuses a creation without its Location", async () => {
    const { stage } = stageWith(
      new Response(await created().text(), {
        status: 201,
        headers: { "content-type": "application/scim+json" },
      }),
    );
    const played = await playStory(story(create), stage);
    expect(played.steps[0]?.problems.join()).toContain("Location");
  });

  it("does not take a file with a misspelt member for a story", () => {
    expect(() => story({ ...find, expects: { status: 200 } })).toThrow("test.json is not a story");
  });
});
