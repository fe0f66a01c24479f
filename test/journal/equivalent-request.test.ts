import { describe, expect, it } from "vitest";

import { curlCommand } from "../../src/journal/curl-command.ts";
import { equivalentRequest, requestLine } from "../../src/journal/equivalent-request.ts";
import cases from "./equivalent-request-cases.json";

const CHANGE = {
  actor: { kind: "token" },
  resourceType: "User",
  resourceId: "the-id",
  status: 200,
  diff: [],
} as const;

const factsOf = ({ actor, ...rest }: (typeof cases)[number]["change"]) => ({
  ...CHANGE,
  ...rest,
  actor: actor ? ({ kind: "admin" } as const) : CHANGE.actor,
});

describe("the request behind a row", () => {
  it.each(cases)("of $row", ({ change, line, request }) => {
    const asked = requestLine(factsOf(change));
    expect(asked ? `${asked.method} ${asked.path}` : null).toBe(line);
    expect(equivalentRequest(factsOf(change)) ?? null).toEqual(request);
  });
});

describe("the command", () => {
  it("takes the token from the environment and the body as one word of the shell", () => {
    const request = {
      method: "PATCH",
      path: "/Users/1",
      body: { displayName: `O'Neil $HOME \`id\` "x" \\` },
      isPartial: false,
    } as const;
    expect(curlCommand("https://scim.example.com/v2", request)).toBe(
      [
        `curl -X PATCH 'https://scim.example.com/v2/Users/1' \\`,
        `  -H "Authorization: Bearer $TOKEN" \\`,
        `  -H 'Content-Type: application/scim+json' \\`,
        `  --data '{`,
        String.raw`  "displayName": "O'\''Neil $HOME ${"`id`"} \"x\" \\"`,
        `}'`,
      ].join("\n"),
    );
  });

  it("sends nothing where there is nothing to send, and no quote of a path ends the word", () => {
    const request = { method: "DELETE", path: "/Users/a'b", isPartial: false } as const;
    expect(curlCommand("https://scim.example.com/v2", request)).toBe(
      String.raw`curl -X DELETE 'https://scim.example.com/v2/Users/a'\''b' \
  -H "Authorization: Bearer $TOKEN"`,
    );
  });
});
