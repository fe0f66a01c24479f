import { DatabaseSync } from "node:sqlite";

import { describe, expect, it } from "vitest";

import { benchPerson, numberText } from "../../tools/bench/bench-person.ts";
import { copyStatement } from "../../tools/bench/copy-row.ts";
import { moveCursor } from "../../tools/bench/move-cursor.ts";
import { statementsOf } from "../../tools/bench/seed-directory.ts";
import { deepPosition, seedPlan, SMALL_GROUP, slices } from "../../tools/bench/seed-plan.ts";
import { seededId, seededIdSql } from "../../tools/bench/seeded-id.ts";

describe("the plan of a tenant", () => {
  it.each([
    [1000, { large: 800, smallGroups: 5, departments: 3 }],
    [100_000, { large: 80_000, smallGroups: 500, departments: 518 }],
    [125_000, { large: 100_000, smallGroups: 625, departments: 648 }],
    [1_000_000, { large: 100_000, smallGroups: 5000, departments: 5198 }],
  ])("for %i people", (people, plan) => {
    expect(seedPlan(people)).toEqual({ people, ...plan });
  });

  it.each([200, 1000, 100_000, 1_000_000])(
    "puts each of the people behind the 90 %% mark of %i into one small group, and nobody else",
    (people) => {
      const plan = seedPlan(people);
      expect(people - plan.smallGroups * SMALL_GROUP).toBe(deepPosition(plan));
      expect(plan.large).toBeLessThan(deepPosition(plan));
    },
  );

  it("writes at most 20,000 rows a statement", () => {
    expect(slices(0)).toEqual([]);
    expect(slices(45_000)).toEqual([
      { from: 0, to: 20_000 },
      { from: 20_000, to: 40_000 },
      { from: 40_000, to: 45_000 },
    ]);
    expect(statementsOf(seedPlan(1000))).toBe(7);
    expect(statementsOf(seedPlan(1_000_000))).toBe(50 + 1 + 1 + 1 + 5 + 5 + 1);
  });
});

describe("a copy of a row", () => {
  it("has its own texts wherever the model has a mark, whatever the columns are", () => {
    const database = new DatabaseSync(":memory:");
    database.exec(
      "CREATE TABLE people (tenant_key INTEGER, id TEXT, resource TEXT, email TEXT, active INTEGER, later TEXT)",
    );
    const model = {
      tenant_key: 7,
      id: "model",
      resource: '{"userName":"4711@example.com","manager":"model"}',
      email: "4711@example.com",
      active: 1,
      later: null,
    };
    const replacements = [
      { text: "model", sql: seededIdSql("person", "n") },
      { text: "4711", sql: "printf('%04d', n % 10)" },
    ];
    const { sql, values } = copyStatement({ table: "people", model, replacements });
    database.prepare(sql).run(11, 13, ...values);
    const id = seededId("person", 12);
    expect(database.prepare("SELECT * FROM people ORDER BY id").all()).toEqual([
      expect.objectContaining({ id: seededId("person", 11), email: "0001@example.com" }),
      {
        tenant_key: 7,
        id,
        resource: `{"userName":"0002@example.com","manager":"${id}"}`,
        email: "0002@example.com",
        active: 1,
        later: null,
      },
    ]);
  });

  it("is a person of about a kilobyte", () => {
    const { schemas: _schemas, ...stored } = benchPerson({
      number: numberText(1),
      department: "Department 0000000001",
    });
    expect(JSON.stringify(stored).length).toBeGreaterThan(950);
    expect(JSON.stringify(stored).length).toBeLessThan(1100);
  });
});

describe("a cursor moved to somebody else", () => {
  const cursorOf = (id: string) => Buffer.from(JSON.stringify(["k3", 1, id])).toString("base64url");

  it("is the one that a page ending there would have", () => {
    const page = { Resources: [{ id: "a1" }, { id: "a2" }], nextCursor: cursorOf("a2") };
    expect(moveCursor(JSON.stringify(page), "b9")).toBe(cursorOf("b9"));
  });

  it("is refused where the cursor names nobody", () => {
    const page = { Resources: [{ id: "a1" }], nextCursor: cursorOf("17") };
    expect(() => moveCursor(JSON.stringify(page), "b9")).toThrow("names no id");
    expect(() => moveCursor(JSON.stringify({ Resources: [] }), "b9")).toThrow("names no id");
  });
});
