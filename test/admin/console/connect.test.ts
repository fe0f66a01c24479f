import { describe, expect, it } from "vitest";

import { GUIDES } from "../../../src/admin/console/connect/guides.ts";
import { observationOf } from "../../../src/admin/console/connect/observation.ts";
import { admin, mintTenant, ORIGIN } from "../../mint-tenant.ts";
import { signedInClient } from "./console-client.ts";

describe("the page Connect", () => {
  it("offers every guide, each filled with the addresses of the tenant", async () => {
    const { slug } = await mintTenant();
    const client = await signedInClient();
    const choice = await client.get(`/console/t/${slug}/connect`);
    for (const { id, title } of GUIDES) {
      expect(choice.text).toContain(title);
      const guide = await client.get(`/console/t/${slug}/connect/${id}`);
      expect(guide.status).toBe(200);
      expect(guide.text).toMatch(new RegExp(`${ORIGIN}/api/v1/(?:tenants/${slug}/)?scim/v2`));
      expect(guide.html).not.toContain("{{");
    }
    expect((await client.get(`/console/t/${slug}/connect/nonsense`)).status).toBe(404);
  });

  it("shows a tenant's name as text in a guide", async () => {
    const name = `<script>alert("x")</script>`;
    await admin("POST", "/tenants", { slug: "with-markup", name });
    const client = await signedInClient();
    const guide = await client.get("/console/t/with-markup/connect/entra");
    expect(guide.html).not.toContain("<script>alert");
    expect(guide.text).toContain(name);
  });

  it("tells what arrives while the connection is set up", async () => {
    const { slug, scim } = await mintTenant();
    const client = await signedInClient();
    const live = async () => (await client.get(`/console/t/${slug}/connect/live`)).text;
    expect(await live()).toContain("Waiting for the first request");
    await scim.get(`/Users?filter=${encodeURIComponent('userName eq "nobody"')}`);
    expect(await live()).toContain("The credentials work");
    expect(await live()).toContain("got an empty list: the credentials are right");
    await scim.post("/Users", { userName: "ada@example.com" });
    expect(await live()).toContain("created a person");
  });
});

describe("observationOf", () => {
  const row = {
    actor: { kind: "token", id: "1", hint: "abcd" },
    operation: "create",
    resourceType: "User",
    outcome: "applied",
    status: 201,
    reason: null,
    advice: null,
  } as const;

  it.each([
    [
      "a search",
      { operation: "token", reason: "The Users were searched, as Test Connection does" },
      "Entra asked for somebody who does not exist and got an empty list: the credentials are right.",
    ],
    [
      "another read",
      { operation: "token", reason: "The Groups were listed" },
      "Entra read from the directory: the credentials are right.",
    ],
    [
      "a group that is patched",
      { operation: "patch", resourceType: "Group" },
      "Entra changed a group.",
    ],
    [
      "a refusal",
      { outcome: "refused", status: 409, advice: "Rename one." },
      "Entra wanted to change a person and was refused (409). Rename one.",
    ],
    [
      "what an administrator did",
      { actor: { kind: "admin", id: "operator", hint: "operator" } },
      undefined,
    ],
  ] as const)("says it of %s", (_, fields, sentence) => {
    expect(observationOf({ ...row, ...fields }, "Entra")).toBe(sentence);
  });
});
