import { describe, expect, it } from "vitest";

import { authenticateAdmin } from "../../src/tenancy/admin-principal.ts";

const NEW = "new-admin-key-of-this-test-0123456789";
const OLD = "old-admin-key-of-this-test-0123456789";

describe("authenticateAdmin", () => {
  it.each([`Bearer ${NEW}`, `Bearer ${OLD}`, OLD])("admits %j as the operator", async (header) => {
    expect(await authenticateAdmin(header, [NEW, OLD])).toMatchObject({
      kind: "admitted",
      principal: { kind: "operator" },
    });
  });

  it.each([
    [null, "no-authorization"],
    ["Bearer ", "empty-bearer"],
    [`Basic ${NEW}`, "other-scheme"],
    [`Bearer ${NEW}x`, "unknown-key"],
    [`Bearer ${NEW.slice(0, -1)}`, "unknown-key"],
    [`Bearer ${NEW.toUpperCase()}`, "unknown-key"],
    [`Bearer ${NEW},${OLD}`, "two-headers"],
  ])("refuses %j: %s", async (header, reason) => {
    expect(await authenticateAdmin(header, [NEW, OLD])).toEqual({ kind: "refused", reason });
  });

  it("admits nobody while there is no key", async () => {
    expect((await authenticateAdmin(`Bearer ${NEW}`, [])).kind).toBe("refused");
    expect((await authenticateAdmin("Bearer ", [""])).kind).toBe("refused");
  });
});
