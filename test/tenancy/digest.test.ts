import { createHmac } from "node:crypto";

import { describe, expect, it } from "vitest";

import { digestDeploymentToken, digestToken, pepperId } from "../../src/tenancy/digest.ts";

const PEPPER = "pepper-of-this-test-0123456789abcdef";
const OTHER_PEPPER = "other-pepper-of-this-test-0123456789";

describe("digests", () => {
  it("are HMAC-SHA-256 under the pepper, in hexadecimal", async () => {
    const expected = createHmac("sha256", PEPPER).update("scim_token").digest("hex");
    expect(await digestToken("scim_token", PEPPER)).toBe(expected);
    expect(await digestToken("scim_token", PEPPER)).toBe(expected);
  });

  it("differ by pepper, whichever came first", async () => {
    const first = await digestToken("scim_token", PEPPER);
    const second = await digestToken("scim_token", OTHER_PEPPER);
    expect(second).not.toBe(first);
    expect(await digestToken("scim_token", PEPPER)).toBe(first);
  });

  it("keep a deployment's own token apart from the same token issued, and by tenant", async () => {
    const issued = await digestToken("scim_token", PEPPER);
    const own = await digestDeploymentToken("scim_token", "demo", PEPPER);
    const elsewhere = await digestDeploymentToken("scim_token", "other", PEPPER);
    expect(new Set([issued, own, elsewhere]).size).toBe(3);
  });
});

describe("pepperId", () => {
  it("is short, stable and not a part of the pepper", async () => {
    const id = await pepperId(PEPPER);
    expect(id).toMatch(/^[0-9a-f]{8}$/);
    expect(await pepperId(PEPPER)).toBe(id);
    expect(await pepperId(OTHER_PEPPER)).not.toBe(id);
    expect(PEPPER).not.toContain(id);
  });
});
