import { afterEach, beforeAll, describe, expect, it } from "vitest";

import { OPERATIONS } from "../../src/admin/operations/operations.ts";
import { inhabit } from "../isolation/inhabit.ts";
import { KINDS, uuidsIn, type Inhabitant, type Kind } from "../isolation/inhabitant.ts";
import { rowsOf } from "../isolation/rows-of.ts";
import { migrateSpares } from "../many-databases.ts";
import { filterOf, patchOf, type Answer, type Json } from "../scim-client.ts";

const NOBODY = "01a00000-0000-7000-8000-000000000000";
const BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";
const BADGE = "urn:example:scim:schemas:Badge";

let here: Inhabitant;
/** In the same database, and in another one under the same number. */
let neighbours: readonly Inhabitant[] = [];
let rowsOfNeighbours: readonly string[] = [];
beforeAll(async () => {
  await migrateSpares();
  const fields = { preset: "generic", settings: { ssoActive: true } };
  here = await inhabit("DB", fields);
  neighbours = [
    await inhabit("DB_1", fields),
    await inhabit("DB", { ...fields, preset: "training" }),
  ];
  rowsOfNeighbours = await rowsOf(neighbours);
});
const expectNoChange = async () => expect(await rowsOf(neighbours)).toEqual(rowsOfNeighbours);
afterEach(expectNoChange);

describe("the neighbours", () => {
  it("have the same number in another database, and another one in the same", () => {
    expect(neighbours.map(({ key }) => key === here.key)).toEqual([true, false]);
  });
});

/** An answer without what differs from one request to the next. */
function bytesOf({ status, headers, text }: Answer, id: string): unknown {
  const requestId = headers.get("X-Request-Id") ?? "";
  const same = (part: string) => part.replaceAll(id, "{id}").replaceAll(requestId, "{request}");
  return [status, [...headers].map(([name, value]) => [name, same(value)]), same(text)];
}

/** Asks with ids that neighbours have, and with one of nobody: the answers are the same. */
async function expectStranger(
  kinds: readonly Kind[],
  ask: (id: string) => Promise<Answer>,
): Promise<void> {
  const unknown = bytesOf(await ask(NOBODY), NOBODY);
  for (const neighbour of neighbours) {
    for (const kind of kinds) {
      const [id = ""] = neighbour.own[kind];
      expect(uuidsIn(id)).toEqual([id]);
      expect([kind, bytesOf(await ask(id), id)]).toEqual([kind, unknown]);
    }
  }
}

const OF_SCIM: readonly Kind[] = ["person", "group", "badge"];
const documents: Readonly<Record<string, Json>> = {
  Users: { userName: "other@example.com", active: false },
  Groups: { displayName: "Other", members: [] },
  Badges: { schemas: [BADGE], number: "7" },
};
const METHODS = ["GET", "HEAD", "PUT", "PATCH", "DELETE", "POST", "OPTIONS", "PURGE"];
const WITH_BODY: Readonly<Record<string, (endpoint: string) => Json>> = {
  PUT: (endpoint) => documents[endpoint] ?? {},
  POST: (endpoint) => documents[endpoint] ?? {},
  PATCH: (endpoint) =>
    patchOf({ op: "replace", value: { ...documents[endpoint], externalId: "other" } }),
};

describe("an id of another tenant is one of nobody", () => {
  describe.each(Object.keys(documents))("in /%s/{id}", (endpoint) => {
    it.each(METHODS)("for %s", async (method) => {
      const body = WITH_BODY[method]?.(endpoint);
      for (const headers of [{}, { "If-Match": 'W/"1"' }, { "If-None-Match": 'W/"1"' }]) {
        await expectStranger(OF_SCIM, (id) =>
          here.scim.send(method, `/${endpoint}/${id}`, body, headers),
        );
      }
    });

    it("below it, with attributes, and by the tenant's own URL", async () => {
      await expectStranger(OF_SCIM, (id) => here.scim.get(`/${endpoint}/${id}/x`));
      await expectStranger(OF_SCIM, (id) =>
        here.scim.get(`/${endpoint}/${id}?attributes=id,members,groups`),
      );
      await expectStranger(OF_SCIM, (id) => here.at(here.slug).get(`/${endpoint}/${id}`));
      await expectStranger(OF_SCIM, (id) => here.at(here.slug).delete(`/${endpoint}/${id}`));
    });

    it.each(["PUT", "PATCH", "DELETE"])("for %s within a bulk request", async (method) => {
      const data = WITH_BODY[method]?.(endpoint);
      const Operations = (id: string) => [{ method, path: `/${endpoint}/${id}`, data }];
      await expectStranger(OF_SCIM, (id) =>
        here.scim.post("/Bulk", { schemas: [BULK], Operations: Operations(id) }),
      );
    });

    it("in a filter, by GET and by POST", async () => {
      for (const filter of [
        (id: string) => `id eq "${id}"`,
        (id: string) => `externalId eq "${id}"`,
      ]) {
        await expectStranger(OF_SCIM, (id) =>
          here.scim.get(`/${endpoint}?${filterOf(filter(id))}`),
        );
        for (const path of [`/${endpoint}/.search`, "/.search"]) {
          await expectStranger(OF_SCIM, (id) => here.scim.post(path, { filter: filter(id) }));
        }
      }
    });
  });

  it("in filters for who belongs together", async () => {
    for (const [path, name] of [
      ["/Users", "groups.value"],
      ["/Users", "groups.$ref"],
      ["/Users", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager"],
      ["/Groups", "members.value"],
      ["/Groups", "members"],
    ]) {
      await expectStranger(OF_SCIM, (id) =>
        here.scim.get(`${path}?${filterOf(`${name} eq "${id}"`)}`),
      );
    }
  });

  it("as a member, by each method", async () => {
    const [group = ""] = here.own.group;
    const members = (id: string) => [{ value: id }, { value: id, type: "Group" }];
    await expectStranger(OF_SCIM, (id) =>
      here.scim.patch(
        `/Groups/${group}?attributes=members`,
        patchOf({ op: "add", path: "members", value: members(id) }),
      ),
    );
    await expectStranger(OF_SCIM, (id) =>
      here.scim.put(`/Groups/${group}`, { displayName: "Other", members: members(id) }),
    );
    await expectStranger(OF_SCIM, (id) =>
      here.scim.patch(
        `/Groups/${group}?attributes=members`,
        patchOf({ op: "remove", path: `members[value eq "${id}"]` }),
      ),
    );
  });
});

const BODIES: Readonly<Record<string, (id: string) => Json>> = {
  changeUser: () => ({ displayName: "Other" }),
  renameDepartment: () => ({ name: "Other" }),
  mergeDepartments: (id) => ({ into: id }),
  assignToDepartment: (id) => ({ add: [id], remove: [] }),
  rotateToken: () => ({}),
  invitePeople: (id) => ({ userIds: [id] }),
};

/** Every operation that takes an id of something within a tenant. */
const withIds = OPERATIONS.filter(({ path }) => /\{(?:id|clientId)\}/.test(path)).map(
  (operation) => [operation.id, operation] as const,
);

const OF_ADMIN = KINDS.filter((kind) => !["cursor", "adminCursor", "slug"].includes(kind));

describe("an id of another tenant is one of nobody for an administrator", () => {
  it.each(withIds)("in %s", async (_id, { id: name, method, path }) => {
    const own = path.includes("/secrets/{id}") ? (here.own.client[0] ?? "") : undefined;
    await expectStranger(OF_ADMIN, (id) =>
      here.ask(
        method.toUpperCase(),
        path
          .replace("/tenants/{slug}", "")
          .replace("{clientId}", own ?? id)
          .replace("{id}", id),
        BODIES[name]?.(id),
      ),
    );
  });

  it("in what is sent", async () => {
    const [department = ""] = here.own.department;
    const { ask } = here;
    await expectStranger(OF_ADMIN, (id) =>
      ask("POST", `/departments/${department}/merge`, { into: id }),
    );
    await expectStranger(OF_ADMIN, (id) =>
      ask("POST", `/departments/${department}/members`, { add: [id] }),
    );
    await expectStranger(OF_ADMIN, (id) =>
      ask("POST", `/departments/${department}/members`, { addNamed: [id] }),
    );
    await expectStranger(OF_ADMIN, (id) =>
      ask("POST", `/departments/${department}/members`, { remove: [id] }),
    );
    await expectStranger(OF_ADMIN, (id) => ask("POST", "/invitations", { userIds: [id] }));
  });

  it("in what is searched for", async () => {
    // Refusals that name an id are found by it, in the journal of the tenant that was asked for it.
    const quiet = await inhabit("DB", { preset: "generic", settings: { ssoActive: true } });
    for (const query of [
      "/users?department=",
      "/users?q=",
      "/changes?resourceId=",
      "/changes?q=",
      "/changes?requestId=",
    ]) {
      await expectStranger(OF_ADMIN, (id) => quiet.ask("GET", `${query}${id}`));
    }
  });
});
