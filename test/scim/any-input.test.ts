import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { readBulkRequest } from "../../src/scim/bulk/bulk-request.ts";
import { ScimError } from "../../src/scim/error.ts";
import { ifMatch, ifNoneMatch } from "../../src/scim/etag.ts";
import type { JsonValue } from "../../src/scim/json.ts";
import { decodeCursor } from "../../src/scim/list/cursor.ts";
import { parseListQuery } from "../../src/scim/list/list-query.ts";
import { project } from "../../src/scim/list/projection.ts";
import { readSearchRequest } from "../../src/scim/list/search-request.ts";
import { readMembers } from "../../src/scim/members.ts";
import { applyPatch } from "../../src/scim/patch/apply.ts";
import { splitMembership } from "../../src/scim/patch/membership.ts";
import { parsePatch } from "../../src/scim/patch/parse.ts";
import { parsePath } from "../../src/scim/path.ts";
import { readResource } from "../../src/scim/resource.ts";
import { GROUP, USER } from "../../src/scim/schema/resource-types.ts";
import { keepImmutable } from "../../src/scim/value/keep-immutable.ts";
import { anyJson } from "./any-json.ts";
import { BADGE } from "./badge.ts";
import { isUntouched, PROTOTYPES_BEFORE, prototypesNow } from "./prototypes.ts";
import { check } from "./runs.ts";
import { thrownBy } from "./thrown-by.ts";

const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const NAMES = [
  ["schemas", "id", "meta", "userName", "displayName", "name", "emails", "roles", "active"],
  ["members", "manager", "value", "type", "primary", "serial", "slots", "key", "owner", "tags"],
  ["name.givenName", ENTERPRISE, `${ENTERPRISE}:manager.value`, "urn:x:y:Z", "urn:x:y:Z:a.b"],
  ["Operations", "op", "path", "method", "bulkId", "data", "filter", "sortBy", "count"],
].flat();
const types = fc.constantFrom(USER, GROUP, BADGE);
const json = anyJson(NAMES);

/** Paths that are nearly right, and any other text. */
const paths = fc.oneof(
  fc.string({ unit: "binary" }),
  fc
    .array(fc.constantFrom(...NAMES, "[", "]", '"', '"a"', " eq ", " and ", ".", ":", "(", ")"), {
      maxLength: 8,
    })
    .map((pieces) => pieces.join("")),
  fc.constantFrom('emails[type eq "work"]', "members[value eq a]", "slots[key pr].label"),
);

const operations = fc.array(
  fc.record(
    { op: fc.constantFrom("add", "Replace", "REMOVE"), path: paths, value: json },
    { requiredKeys: ["op"] },
  ),
  { maxLength: 4 },
);

/** Whether an object at any depth has the member that whoever assigned it onwards would set a prototype by. */
function holdsTrap(value: JsonValue): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.hasOwn(value, "__proto__") || Object.values(value).some(holdsTrap);
}

/** Runs what takes input, which may refuse it by a ScimError and must do nothing worse. */
function expectHarmless(run: () => unknown): void {
  const thrown = thrownBy(run);
  if (thrown !== undefined) expect(thrown).toBeInstanceOf(ScimError);
  expect(isUntouched()).toBe(true);
}

describe("whatever is sent", () => {
  it("as a path of a PATCH, nothing but ScimError is thrown", async () => {
    const run = (path: string) =>
      expectHarmless(() => {
        for (const type of [USER, GROUP, BADGE]) parsePath(path, type);
      });
    await check(fc.property(paths, run), 500);
  });

  it("as operations of a PATCH, nothing but ScimError is thrown and no prototype is touched", async () => {
    await check(
      fc.property(operations, types, (given, type) => {
        expectHarmless(() => {
          const parsed = parsePatch({ Operations: given as JsonValue }, type);
          const { membership, rest } = splitMembership(parsed.operations);
          const patched = applyPatch({ userName: "bo", serial: "S1" }, rest, type);
          expect(Object.getPrototypeOf(patched)).toBe(Object.prototype);
          expect(holdsTrap([patched, [...membership.added]])).toBe(false);
        });
      }),
      1000,
    );
  });

  it("as a body, nothing but ScimError is thrown and no prototype is touched", async () => {
    const limits = { maxOperations: 100, baseUrl: "https://x.example/v2", types: [USER, GROUP] };
    await check(
      fc.property(json, types, (given, type) => {
        expectHarmless(() => readMembers(given));
        expectHarmless(() => parsePatch(given, type));
        expectHarmless(() => readBulkRequest(given, limits));
        expectHarmless(() => parseListQuery(readSearchRequest(given), type));
        expectHarmless(() => {
          const document = readResource(given, type);
          expect(Object.getPrototypeOf(document)).toBe(Object.prototype);
          expect(holdsTrap(document)).toBe(false);
          keepImmutable({ serial: "S1" }, document, type);
        });
      }),
      1000,
    );
  });

  it("as parameters of a list, nothing but ScimError is thrown", async () => {
    const text = fc.oneof(paths, fc.constantFrom("", "1", "-1", "1e3", "ascending", "emails,id"));
    const names = ["filter", "sortBy", "sortOrder", "startIndex", "count", "cursor", "attributes"];
    const query = fc
      .array(fc.tuple(fc.constantFrom(...names, "excludedAttributes", "__proto__"), text))
      .map((entries) => Object.fromEntries(entries));
    const resource = { id: "1", userName: "bo", emails: [{ value: "a" }], serial: "S1" };
    await check(
      fc.property(query, types, (given, type) => {
        expectHarmless(() => project(resource, parseListQuery(given, type).projection, type));
        expectHarmless(() => decodeCursor(given["cursor"] ?? "", "f", 0));
      }),
      1000,
    );
  });

  it("as an entity tag, nothing is thrown, and the two conditions never agree", async () => {
    const tags = fc.oneof(fc.string(), fc.constantFrom("*", 'W/"7"', '"7", W/"8"', '"', "7"));
    await check(
      fc.property(tags, fc.nat(9), (header, version) => {
        expect(ifMatch(header, version)).toBe(!ifNoneMatch(header, version));
      }),
      300,
    );
  });

  it("in all of this, every prototype has kept the functions that it had", () => {
    expect(prototypesNow()).toStrictEqual(PROTOTYPES_BEFORE);
  });
});
