import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { type BulkOutcome, runBulk } from "../../src/scim/bulk/bulk.ts";
import { planBulk } from "../../src/scim/bulk/bulk-plan.ts";
import {
  referencesIn,
  resolveReferences,
  splitReferences,
} from "../../src/scim/bulk/bulk-references.ts";
import { type BulkCall, readBulkRequest } from "../../src/scim/bulk/bulk-request.ts";
import { notFound, ScimError } from "../../src/scim/error.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../src/scim/json.ts";
import { applyPatch } from "../../src/scim/patch/apply.ts";
import { parsePatch } from "../../src/scim/patch/parse.ts";
import { readResource } from "../../src/scim/resource.ts";
import { GROUP, USER } from "../../src/scim/schema/resource-types.ts";
import { readCases } from "./read-cases.ts";
import { check } from "./runs.ts";
import { thrownBy } from "./thrown-by.ts";

const BASE = "https://scim.example.com/api/v1/scim/v2";
const LIMITS = { maxOperations: 100, baseUrl: BASE, types: [USER, GROUP] };

/** Method, path, data, version; the last two as far as there are any. */
type Call = [string, string, (JsonValue | null)?, string?];

interface BulkCase {
  readonly name: string;
  readonly source: string;
  readonly request: JsonValue;
  /** The status that a call fails with, by its number from 1. */
  readonly fails?: Record<string, number>;
  readonly calls: readonly Call[];
  /** With `$` for the base URL. */
  readonly answers?: readonly JsonObject[];
  /** Of the answers, with the `scimType` of a failure. */
  readonly statuses?: readonly string[];
}

function printCall(call: BulkCall): Call {
  const { method, type } = call;
  const id = method === "POST" ? "" : `/${call.id}`;
  const printed: Call = [method, `${type.endpoint}${id}`];
  if (method !== "DELETE") printed.push(call.data);
  if (method === "POST" || call.version === undefined) return printed;
  return [method, `${type.endpoint}${id}`, method === "DELETE" ? null : call.data, call.version];
}

const STATUSES = { POST: 201, PUT: 200, PATCH: 200, DELETE: 204 };

/** The call number n creates the resource `rn`, and every change of the call number n makes the version n. */
function perform(call: BulkCall, number: number): BulkOutcome {
  return {
    kind: "done",
    status: STATUSES[call.method],
    id: call.method === "POST" ? `r${number}` : call.id,
    version: call.method === "DELETE" ? undefined : `W/"${number}"`,
  };
}

function play(body: JsonValue, outcome: (call: BulkCall, number: number) => BulkOutcome = perform) {
  const calls: BulkCall[] = [];
  const run = runBulk(readBulkRequest(body, LIMITS), BASE);
  let next = run.next();
  while (!next.done) {
    calls.push(next.value);
    next = run.next(outcome(next.value, calls.length));
  }
  return { calls, answer: next.value };
}

function answersOf(answer: JsonObject): JsonObject[] {
  const { Operations: operations } = answer;
  return Array.isArray(operations) ? operations.filter((each) => isJsonObject(each)) : [];
}

function statusOf({ status, response }: JsonObject): string {
  const scimType = isJsonObject(response) ? response["scimType"] : undefined;
  return [status, scimType].filter((part) => typeof part === "string").join(" ");
}

const cases = readCases<BulkCase>("bulk-cases.json");

function playCase({ request, fails = {} }: BulkCase) {
  return play(request, (call, number) => {
    const status = fails[number];
    return status === undefined
      ? perform(call, number)
      : { kind: "failed", error: new ScimError(status, undefined, "No.") };
  });
}

describe("a bulk request", () => {
  it.each(cases)("$name ($source)", (row) => {
    const { calls, answer } = playCase(row);
    expect(calls.map(printCall)).toStrictEqual(row.calls);
    expect(answer["schemas"]).toStrictEqual(["urn:ietf:params:scim:api:messages:2.0:BulkResponse"]);
    const answers = JSON.parse(JSON.stringify(answersOf(answer)).replaceAll(BASE, "$")) as unknown;
    expect(answers).toStrictEqual(row.answers ?? answers);
    expect(answersOf(answer).map(statusOf)).toStrictEqual(
      row.statuses ?? answersOf(answer).map(statusOf),
    );
  });

  it.each([
    ["a body that is no object", []],
    ["another message", { schemas: ["urn:example:Other"], Operations: [] }],
    ["no operations", { failOnErrors: 1 }],
    ["operations that are no list", { Operations: {} }],
    ["operations in two spellings", { Operations: [], operations: [] }],
  ])("is refused as a whole for %s", (_name, body) => {
    expect(thrownBy(() => readBulkRequest(body, LIMITS))).toMatchObject({
      status: 400,
      scimType: "invalidSyntax",
    });
  });

  it.each([-1, 1.5, "1", true])("is refused as a whole when failOnErrors is %j", (failOnErrors) => {
    expect(thrownBy(() => readBulkRequest({ failOnErrors, Operations: [] }, LIMITS))).toMatchObject(
      { status: 400, scimType: "invalidValue" },
    );
  });

  it("may have as many operations as the server says, and is told the limit above that", () => {
    const deletions = (length: number): JsonValue => ({
      Operations: Array.from({ length }, (_, index) => ({
        method: "DELETE",
        path: `/Users/u${index}`,
      })),
    });
    expect(play(deletions(100)).calls).toHaveLength(100);
    expect(thrownBy(() => play(deletions(101)))).toMatchObject({
      status: 413,
      detail: expect.stringContaining("maxOperations (100)"),
    });
  });

  it("completes a hundred groups that are all members of all", () => {
    const members = Array.from({ length: 100 }, (_, index) => ({ value: `bulkId:${index}` }));
    const { calls, answer } = play({
      Operations: members.map((_, index) => ({
        method: "POST",
        path: "/Groups",
        bulkId: String(index),
        data: { displayName: `G${index}`, members },
      })),
    });
    expect(calls.filter(({ method }) => method === "POST")).toHaveLength(100);
    expect(calls.filter(({ method }) => method === "PATCH")).toHaveLength(100);
    expect(new Set(answersOf(answer).map(statusOf))).toStrictEqual(new Set(["201"]));
  });

  it("reports a completion that the directory refuses", () => {
    const body = {
      Operations: [
        {
          method: "POST",
          path: "/Groups",
          bulkId: "a",
          data: { displayName: "A", members: [{ value: "bulkId:a" }] },
        },
      ],
    };
    const { answer } = play(body, (call, number) =>
      call.method === "PATCH"
        ? { kind: "failed", error: notFound("Group") }
        : perform(call, number),
    );
    expect(answersOf(answer)).toMatchObject([
      {
        location: `${BASE}/Groups/r1`,
        status: "409",
        response: { status: "409", detail: expect.stringContaining("Group not found") },
      },
    ]);
  });
});

describe("references", () => {
  it("are found and replaced wherever they stand, and nothing else is", () => {
    const data = {
      value: "bulkId:a",
      list: ["bulkId:b", "x bulkId:a", 7, null],
      $ref: "https://example.com/Users/bulkId:c",
      path: 'members[value eq "bulkId:d" or value eq "bulkId:e"]',
      constructor: "say bulkId:a",
    };
    expect([...referencesIn(data)]).toStrictEqual(["a", "b", "c", "d", "e"]);
    const ids = new Map([
      ["a", "1"],
      ["b", "2"],
      ["c", "$&"],
      ["d", "4"],
    ]);
    expect(resolveReferences(data, ids)).toStrictEqual({
      value: "1",
      list: ["2", "x bulkId:a", 7, null],
      $ref: "https://example.com/Users/$&",
      path: 'members[value eq "4" or value eq "bulkId:e"]',
      constructor: "say bulkId:a",
    });
  });

  it("reach no prototype", () => {
    const data = JSON.parse('{"__proto__": {"value": "bulkId:a"}}') as JsonValue;
    const resolved = resolveReferences(data, new Map([["a", "1"]]));
    expect(Object.getPrototypeOf(resolved)).toBe(Object.prototype);
    expect(JSON.stringify(resolved)).toBe('{"__proto__":{"value":"1"}}');
  });
});

describe("what waits for a resource", () => {
  const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
  const FOREIGN = "urn:example:Badge";

  it.each<[string, JsonValue, JsonValue | undefined, JsonValue | undefined]>([
    ["nothing", { title: "x", emails: [] }, { title: "x", emails: [] }, undefined],
    ["a whole text", "bulkId:a", undefined, "bulkId:a"],
    ["a list whole", { roles: ["bulkId:a"] }, undefined, { roles: ["bulkId:a"] }],
    ["an element", { roles: ["x", "bulkId:a"] }, { roles: ["x"] }, { roles: ["bulkId:a"] }],
    [
      "one list beside another",
      { roles: ["bulkId:a"], ims: ["x"] },
      { ims: ["x"] },
      { roles: ["bulkId:a"] },
    ],
    [
      "a complex value whole",
      { name: { givenName: "bulkId:a", familyName: "x" } },
      undefined,
      { name: { givenName: "bulkId:a", familyName: "x" } },
    ],
    [
      "a part of an extension",
      { [ENTERPRISE]: { manager: "bulkId:a", division: "x" } },
      { [ENTERPRISE]: { division: "x" } },
      { [ENTERPRISE]: { manager: "bulkId:a" } },
    ],
    [
      "an extension whole",
      { title: "x", [ENTERPRISE]: { manager: "bulkId:a" } },
      { title: "x" },
      { [ENTERPRISE]: { manager: "bulkId:a" } },
    ],
    [
      "a part of an unknown extension",
      { [FOREIGN]: { a: "bulkId:a", b: 1 }, [ENTERPRISE]: { division: "x" } },
      { [FOREIGN]: { b: 1 }, [ENTERPRISE]: { division: "x" } },
      { [FOREIGN]: { a: "bulkId:a" } },
    ],
  ])("is %s", (_name, resource, kept, withheld) => {
    expect(splitReferences(resource, USER, (id) => id === "a")).toStrictEqual({ kept, withheld });
  });
});

const word = fc.constantFrom("a", "b", "c", "d", "e", "f");
const member = word.map((bulkId) => ({ value: `bulkId:${bulkId}` }));
const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const user = fc.record(
  {
    userName: fc.constantFrom("rosa", "teo"),
    emails: fc.array(
      fc.record({
        value: fc.oneof(
          word,
          word.map((bulkId) => `bulkId:${bulkId}`),
        ),
      }),
      { maxLength: 4 },
    ),
    [ENTERPRISE]: fc.record({ department: word, manager: member }, { requiredKeys: [] }),
    "urn:x:y:Z": fc.record(
      { one: member, many: fc.array(member, { minLength: 1, maxLength: 2 }) },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ["userName"] },
);
const operation = fc.oneof(
  fc.record({
    method: fc.constant("POST"),
    path: fc.constant("/Groups"),
    bulkId: word,
    data: fc.record({ displayName: fc.constant("G"), members: fc.array(member, { maxLength: 3 }) }),
  }),
  fc.record({
    method: fc.constant("PATCH"),
    path: word.map((bulkId) => `/Groups/bulkId:${bulkId}`),
    data: fc.record({ value: fc.array(member, { maxLength: 2 }) }),
  }),
  fc.record({ method: fc.constant("DELETE"), path: word.map((id) => `/Users/${id}`) }),
);
const request = fc
  .uniqueArray(operation, {
    maxLength: 12,
    selector: (each) => ("bulkId" in each ? each.bulkId : each),
  })
  .map((operations) => ({ Operations: operations }));

describe("a bulk request, whatever it is", () => {
  it("plans every operation once, and a completion only after what it completes", async () => {
    await check(
      fc.property(request, (body) => {
        const { steps } = planBulk(readBulkRequest(body, LIMITS));
        const tried = steps.filter(({ kind }) => kind !== "complete");
        const indexes = tried.map((step) => step.operation.index).toSorted((a, b) => a - b);
        expect(indexes).toStrictEqual(body.Operations.map((_, index) => index));
        for (const [at, step] of steps.entries()) {
          const before = new Set(steps.slice(0, at).map((each) => each.operation));
          expect(before.has(step.operation)).toBe(step.kind === "complete");
        }
      }),
      100,
    );
  });

  it("never calls with a reference that is left, and asks of no resource before it exists", async () => {
    await check(
      fc.property(request, (body) => {
        const created = new Set<string>();
        play(body, (call, number) => {
          const outcome = perform(call, number);
          expect(JSON.stringify(printCall(call))).not.toContain("bulkId:");
          for (const [id] of JSON.stringify(printCall(call)).matchAll(/r\d+/g))
            expect(created).toContain(id);
          if (outcome.kind === "done" && call.method === "POST") created.add(outcome.id);
          return outcome;
        });
      }),
      100,
    );
  });

  it("leaves out no member and sends none twice, whatever circles there are", async () => {
    const names = ["a", "b", "c", "d", "e", "f"];
    await check(
      fc.property(fc.array(fc.subarray(names), { minLength: 6, maxLength: 6 }), (members) => {
        const { calls, answer } = play({
          Operations: members.map((bulkIds, index) => ({
            method: "POST",
            path: "/Groups",
            bulkId: names[index] ?? "",
            data: { displayName: "G", members: bulkIds.map((bulkId) => `bulkId:${bulkId}`) },
          })),
        });
        expect(answersOf(answer).map(statusOf)).toStrictEqual(members.map(() => "201"));
        const sent = calls.flatMap(
          (call) => JSON.stringify(printCall(call)[2]).match(/r\d+/g) ?? [],
        );
        const ids = new Map(
          answersOf(answer).map(({ bulkId, location }) => [
            bulkId,
            typeof location === "string" ? location.split("/").at(-1) : "",
          ]),
        );
        const asked = members.flat().map((bulkId) => ids.get(bulkId) ?? "");
        const byText = (one: string, other: string) => one.localeCompare(other);
        expect(sent.toSorted(byText)).toStrictEqual(asked.toSorted(byText));
        expect(calls.length).toBeLessThanOrEqual(2 * names.length);
      }),
      100,
    );
  });

  it("keeps the order of operations that do not wait", async () => {
    const deletion = word.map((id) => ({ method: "DELETE", path: `/Users/${id}` }));
    await check(
      fc.property(fc.array(deletion), (operations) => {
        const { calls } = play({ Operations: operations });
        expect(calls.map((call) => printCall(call)[1])).toStrictEqual(
          operations.map(({ path }) => path),
        );
      }),
      100,
    );
  });

  it("gives the whole resource when what was withheld is added", async () => {
    await check(
      fc.property(user, fc.subarray(["a", "b", "c", "d", "e", "f"]), (resource, missing) => {
        const { kept, withheld } = splitReferences(resource, USER, (id) => missing.includes(id));
        const operations = withheld === undefined ? [] : [{ op: "add", value: withheld }];
        const patch = parsePatch({ Operations: operations }, USER).operations;
        const whole = readResource(resource, USER);
        const put = applyPatch(readResource(kept ?? {}, USER), patch, USER);
        expect([...referencesIn(kept ?? null)].filter((id) => missing.includes(id))).toEqual([]);
        expect(sorted(put)).toStrictEqual(sorted(whole));
      }),
      100,
    );
  });

  it("throws nothing but ScimError, and answers what it takes", async () => {
    const anything = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom("bulkId:a", "bulkId:b", "/Users", ""),
    );
    const vague = fc.record(
      {
        method: fc.constantFrom<JsonValue>("POST", "put", "PATCH", "DELETE", 1),
        path: fc.oneof(fc.string(), fc.constantFrom("/Users", "/Groups/bulkId:a", "/Users/%")),
        bulkId: fc.constantFrom<JsonValue>("a", "b", "c", null),
        version: anything,
        data: anything,
      },
      { requiredKeys: [] },
    );
    const body = fc.oneof(
      fc.jsonValue(),
      fc.record(
        {
          Operations: fc.array(fc.oneof(vague, anything), { maxLength: 6 }),
          failOnErrors: fc.nat(3),
        },
        { requiredKeys: ["Operations"] },
      ),
    );
    await check(
      fc.property(body, fc.nat(4), (given, luck) => {
        // fast-check's JSON values are what `JSON.parse` returns.
        const run = () =>
          play(given as JsonValue, (call, number) =>
            number % 5 < luck
              ? perform(call, number)
              : { kind: "failed", error: notFound(call.type.name) },
          );
        expect(thrownBy(run) ?? new ScimError(400, undefined, "")).toBeInstanceOf(ScimError);
      }),
      1000,
    );
  });
});

/** Lists are sets here: what is added comes last. */
function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value))
    return value.map(sorted).toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, sorted(inner)]));
}
