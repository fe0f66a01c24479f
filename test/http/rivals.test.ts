import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";

import type { FaultCase } from "../admin/faults/fault-table.ts";
import type { Scene } from "../admin/faults/fault-scene.ts";
import { meetingsIn, type Meetings } from "../admin/faults/meet.ts";
import { openTheatre, withoutWaiting, type Theatre } from "../admin/faults/theatre.ts";
import { ENTERPRISE, patchOf } from "../scim-client.ts";

let theatre: Theatre;
let meetings: Meetings;
let resume: () => void;
beforeAll(async () => {
  theatre = await openTheatre();
  meetings = meetingsIn(theatre);
  // The isolate knows the schemas of the tenant from now on.
  await theatre.play(scim("GET", "/Users"));
});
beforeEach(async () => {
  await theatre.reset();
  resume = withoutWaiting();
});
afterEach(() => resume());

type Path = string | ((scene: Scene) => string);
const pathOf =
  (path: Path) =>
  (scene: Scene): string =>
    typeof path === "string" ? path : path(scene);
const scim = (method: string, path: Path, body?: (scene: Scene) => unknown): FaultCase => ({
  by: "scim",
  method,
  path: pathOf(path),
  ...(body && { body }),
});
const admin = (method: string, path: Path, body?: (scene: Scene) => unknown): FaultCase => ({
  method,
  path: (scene) => `/tenants/${scene.slug}${pathOf(path)(scene)}`,
  ...(body && { body }),
});

const members = (...ids: string[]) => ids.map((value) => ({ value }));
const managed: Path = (scene) => `/Users/${scene.managed}`;
const manual: Path = (scene) => `/Users/${scene.manual}`;
const staff: Path = (scene) => `/Groups/${scene.group}`;

/** What an identity provider does; each of these meets each, and itself. */
const REQUESTS: Readonly<Record<string, FaultCase>> = {
  "POST /Users": scim("POST", "/Users", () => ({
    userName: "new@example.com",
    [ENTERPRISE]: { department: "East" },
  })),
  "POST /Users for somebody enrolled": scim("POST", "/Users", () => ({
    userName: "mia@example.com",
    title: "Cook",
  })),
  "POST /Users for somebody inactive": scim("POST", "/Users", () => ({
    userName: "ina@example.com",
    title: "Cook",
  })),
  "PUT /Users/{id}": scim("PUT", managed, () => ({
    userName: "new@example.com",
    [ENTERPRISE]: { department: "Attic" },
  })),
  "PATCH /Users/{id} of active": scim("PATCH", managed, () =>
    patchOf({ op: "Replace", path: "active", value: "False" }),
  ),
  "PATCH /Users/{id} of a title": scim("PATCH", managed, () =>
    patchOf({ op: "replace", path: "title", value: "Nurse" }),
  ),
  "PATCH /Users/{id} that adopts": scim("PATCH", manual, () =>
    patchOf({ op: "replace", path: "title", value: "Nurse" }),
  ),
  "DELETE /Users/{id}": scim("DELETE", managed),
  "POST /Groups": scim("POST", "/Groups", (scene) => ({
    displayName: "East",
    members: members(scene.managed, scene.manual),
  })),
  "PUT /Groups/{id}": scim("PUT", staff, (scene) => ({
    displayName: "East",
    members: members(scene.managed, scene.inactive),
  })),
  "PATCH /Groups/{id} of members": scim("PATCH", staff, (scene) =>
    patchOf(
      { op: "remove", path: "members", value: members(scene.manual) },
      { op: "add", path: "members", value: members(scene.inactive, scene.managed) },
    ),
  ),
  "PATCH /Groups/{id} of the name": scim("PATCH", staff, () =>
    patchOf({ op: "replace", value: { displayName: "Crew" } }),
  ),
  "DELETE /Groups/{id}": scim("DELETE", staff),
};

/** What an administrator may do at the same time. */
const HANDS: Readonly<Record<string, FaultCase>> = {
  "the revocation of the token": admin("DELETE", (scene) => `/tokens/${scene.tenant.id}`),
  "a pause": admin("PATCH", "", () => ({ status: "paused" })),
  "other settings": admin("PATCH", "", () => ({
    settings: { groups: "plain", departmentAttribute: "ignore", unknownMembers: "reject" },
  })),
  "the deletion of the tenant": admin("DELETE", ({ slug }) => `?confirm=${slug}`),
  "an enrolment": admin("POST", "/users", () => ({ email: "new@example.com" })),
  "an adoption": admin("POST", ({ manual: id }) => `/users/${id}/adopt`),
  "an adoption that is undone": admin("POST", ({ adopted }) => `/users/${adopted}/unadopt`),
  "a deactivation": admin(
    "PATCH",
    ({ managed: id }) => `/users/${id}`,
    () => ({ active: false }),
  ),
  "an erasure": admin("POST", ({ managed: id }) => `/users/${id}/erase`),
  "a department": admin("POST", "/departments", () => ({ name: "East" })),
  "a merge of departments": admin(
    "POST",
    ({ south }) => `/departments/${south}/merge`,
    ({ north }) => ({ into: north }),
  ),
};

/** What raises the fence does the same to every request: two of them stand for the others. */
const FENCES = ["a pause", "the deletion of the tenant"];
const BEHIND_FENCES = ["POST /Users", "PUT /Groups/{id}"];
const ABOUT_PEOPLE = [
  "an enrolment",
  "an adoption",
  "an adoption that is undone",
  "a deactivation",
];

const canMeet = (name: string, rival: string): boolean => {
  if (FENCES.includes(rival)) return BEHIND_FENCES.includes(name);
  return !ABOUT_PEOPLE.includes(rival) || name.includes("/Users");
};

const pairs = Object.entries(REQUESTS).flatMap(([name, one]) =>
  Object.entries({ ...REQUESTS, ...HANDS })
    .filter(([rival]) => canMeet(name, rival))
    .map(([rival, other]) => [name, rival, one, other] as const),
);

describe("two requests at once", () => {
  it.each(pairs)(
    "leave after %s and %s what they would one after the other",
    { timeout: 30_000 },
    async (_name, _rival, one, other) => {
      await meetings.expectSerial(one, other);
    },
  );

  it("end no time in a department before it began, whoever came in first", async () => {
    const moving = (department: string) =>
      scim("PATCH", managed, () =>
        patchOf({ op: "replace", path: `${ENTERPRISE}:department`, value: department }),
      );
    vi.useFakeTimers({ toFake: ["Date"] });
    const { trips } = await theatre.play(moving("Attic"));
    await theatre.reset();
    const first = await theatre.play(moving("Attic"), trips.length, {
      kind: "waits",
      async meanwhile() {
        vi.setSystemTime(Date.now() + 1_000);
        const second = await theatre.play(moving("Cellar"));
        expect(second.answer.status).toBe(200);
      },
    });
    vi.useRealTimers();
    expect(first.answer.status).toBe(200);
    const { results } = await env.DB.prepare(
      "SELECT started_at <= ended_at AS ends FROM assignments WHERE user_id = ? AND source = 'attribute'",
    )
      .bind(theatre.scene.managed)
      .all();
    expect(results).toEqual([{ ends: 1 }, { ends: 1 }]);
  });

  it.each(["a pause", "other settings", "the deletion of the tenant", "DELETE /Groups/{id}"])(
    "never say that nothing has happened when %s comes before what they show is read",
    async (rival) => {
      const other = { ...REQUESTS, ...HANDS }[rival];
      const one: FaultCase = {
        ...scim(
          "PATCH",
          (scene) => `/Groups/${scene.group}?attributes=displayName`,
          () => patchOf({ op: "replace", value: { displayName: "Crew" } }),
        ),
        headers: { "If-Match": 'W/"1"' },
      };
      if (!other) throw new Error(`There is no request ${rival}.`);
      const { trips } = await theatre.play(one);
      await theatre.reset();
      const met = await theatre.play(one, trips.length, {
        kind: "waits",
        meanwhile: () => theatre.play(other),
      });
      expect(met.answer.status).toBe(503);
      expect(met.answer.text).toMatch(/Send the same request again/);
      expect(met.answer.text).not.toMatch(/Nothing was changed/);
    },
  );

  it("are applied where nobody comes in between", async () => {
    for (const [name, one] of Object.entries({ ...REQUESTS, ...HANDS })) {
      const { answer } = await theatre.play(one);
      expect([name, answer.status, answer.text]).toEqual([
        name,
        expect.toSatisfy((status: number) => status < 300),
        answer.text,
      ]);
      await theatre.reset();
    }
  });
});
