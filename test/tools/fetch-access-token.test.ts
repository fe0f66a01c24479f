import { describe, expect, it } from "vitest";

import { fetchAccessToken, tokenUrlOf } from "../../tools/simulate/fetch-access-token.ts";

const BASE = "https://scim.example.com/api/v1/scim/v2";
const client = { id: "c", secret: "s" };

describe("tokenUrlOf", () => {
  it.each([
    [BASE, "https://scim.example.com/api/v1/oauth/token"],
    [
      "http://localhost:8787/api/v1/tenants/acme/scim/v2",
      "http://localhost:8787/api/v1/oauth/token",
    ],
    ["https://acme.org/edge/api/v1/scim/v2", "https://acme.org/edge/api/v1/oauth/token"],
    ["https://scim.example.com/scim", undefined],
  ])("of %s is %s", (baseUrl, tokenUrl) => {
    expect(tokenUrlOf(baseUrl)).toBe(tokenUrl);
  });
});

describe("fetchAccessToken", () => {
  const answering = (response: Response) => {
    const asked: Request[] = [];
    const fetchIt = async (url: string, init: RequestInit) => {
      asked.push(new Request(url, init));
      return response;
    };
    return { asked, fetchIt };
  };

  it("sends id and secret to the token endpoint, in a form", async () => {
    const { asked, fetchIt } = answering(Response.json({ access_token: "scim_x" }));
    expect(await fetchAccessToken(BASE, client, fetchIt)).toEqual({ token: "scim_x" });
    expect(asked.map(({ method, url }) => [method, url])).toEqual([["POST", tokenUrlOf(BASE)]]);
    const form = new URLSearchParams(await asked[0]?.text());
    expect(Object.fromEntries(form)).toEqual({
      grant_type: "client_credentials",
      client_id: "c",
      client_secret: "s",
    });
  });

  it.each([
    [Response.json({ error: "invalid_client" }, { status: 401 }), "401: {"],
    [Response.json({ token: "x" }), "answered 200"],
    [Response.json(null), "answered 200"],
    [new Response("<html>"), "answered 200: <html>"],
  ])("says what was answered in place of a token (%#)", async (response, words) => {
    const { fetchIt } = answering(response);
    expect(await fetchAccessToken(BASE, client, fetchIt)).toContain(words);
  });

  it("says that nobody answers", async () => {
    const refuse = () => Promise.reject(new Error("ECONNREFUSED"));
    expect(await fetchAccessToken(BASE, client, refuse)).toContain("Nobody answers");
  });

  it("asks nobody where it does not know the endpoint", async () => {
    const { asked, fetchIt } = answering(new Response(""));
    expect(await fetchAccessToken("https://x.example/scim", client, fetchIt)).toContain("--token");
    expect(asked).toEqual([]);
  });
});
