import { describe, expect, it } from "vitest";

import { ACROSS_TENANTS, TIED_TO_NONE } from "./across-tenants.ts";
import { worst, type Tie } from "./scopes.ts";
import cases from "./statement-cases.json" with { type: "json" };
import { verdictOn } from "./statement-fault.ts";
import { tenantTies } from "./tenant-ties.ts";

const OF_TENANTS = new Set(
  "users groups group_members credentials alerts tenant_counts tenant_states".split(" "),
);
const tieOfStatement = (sql: string): Tie =>
  worst(tenantTies(sql, OF_TENANTS).tables.map(({ tie }) => tie));

describe("a statement", () => {
  it.each(cases)("is tied to $tie: $sql", ({ sql, tie }) => {
    expect(tieOfStatement(sql)).toBe(tie);
  });

  it("tells which of its values are numbers of tenants", () => {
    const keysOf = (sql: string) => [...tenantTies(sql, OF_TENANTS).tenantKeys];
    expect(keysOf("SELECT id FROM users WHERE id = ? AND tenant_key = ?")).toEqual([1]);
    expect(keysOf("INSERT INTO users (tenant_key, id) VALUES (?, ?)")).toEqual([0]);
    expect(keysOf("SELECT id FROM users WHERE tenant_key = json_extract(?1, '$[7]')")).toEqual([7]);
  });

  it.each([
    "DROP TABLE users",
    "PRAGMA table_info(users)",
    "SELECT id FROM users WHERE tenant_key = ? -- AND active",
    "SELECT id FROM users WHERE tenant_key = ?; DELETE FROM users",
    "SELECT id FROM (users) WHERE id IN (SELECT (id FROM users)",
  ])("that cannot be read is refused: %s", (sql) => {
    expect(() => tenantTies(sql, OF_TENANTS)).toThrow(sql);
  });
});

describe("a statement across tenants", () => {
  it.each([
    "SELECT id FROM users",
    "SELECT u.id FROM tenant_states AS s CROSS JOIN users AS u ON u.tenant_key = s.tenant_key",
    "INSERT INTO changes (tenant_key, seq) SELECT tenant_key, seq FROM changes",
  ])("is a fault that names it: %s", (sql) => {
    expect(verdictOn(sql)).toEqual({ kind: "fault", text: expect.stringContaining(sql) });
  });

  it("is none where it is one of those that are meant, and ties all it names to their list", () => {
    const meant = `SELECT tenant_key FROM "tenant_states" WHERE recompute_after IS NOT NULL`;
    expect(verdictOn(meant).kind).toBe("fine");
    const more = `${meant} UNION SELECT tenant_key FROM users`;
    expect(verdictOn(more).kind).toBe("fault");
  });

  it("is meant once, for a reason", () => {
    const parts = [...ACROSS_TENANTS, ...TIED_TO_NONE].map(({ part }) => part);
    expect(new Set(parts).size).toBe(parts.length);
    for (const part of parts) expect(parts.filter((other) => other.includes(part))).toEqual([part]);
  });
});
