import { afterEach, beforeAll, beforeEach, describe, it } from "vitest";

import { OPERATIONS } from "../../../src/admin/operations/operations.ts";
import type { Scene } from "./fault-scene.ts";
import { SPARE } from "./fault-scene.ts";
import { beginningOf, FAULT_TABLE, type FaultCase } from "./fault-table.ts";
import { meetingsIn, type Meetings } from "./meet.ts";
import { openTheatre, withoutWaiting, type Theatre } from "./theatre.ts";

let theatre: Theatre;
let meetings: Meetings;
let resume: () => void;
beforeAll(async () => {
  theatre = await openTheatre();
  meetings = meetingsIn(theatre);
});
beforeEach(async () => {
  await theatre.reset();
  resume = withoutWaiting();
});
afterEach(() => resume());

const below =
  (path: string | ((scene: Scene) => string)) =>
  (scene: Scene): string =>
    `/tenants/${scene.slug}${typeof path === "string" ? path : path(scene)}`;
const removing = (path: (scene: Scene) => string): FaultCase => ({
  method: "DELETE",
  path: below(path),
});
const changing = (body: unknown, path: string | ((scene: Scene) => string) = ""): FaultCase => ({
  method: "PATCH",
  path: below(path),
  body: () => body,
});
const merging = (path: (scene: Scene) => string, into: (scene: Scene) => string): FaultCase => ({
  method: "POST",
  path: below(path),
  body: (scene) => ({ into: into(scene) }),
});

const removeManual = removing(({ manual }) => `/users/${manual}`);
const removeManaged = removing(({ managed }) => `/users/${managed}`);
const removeSouth = removing(({ south }) => `/departments/${south}`);

/** Besides itself: what every operation may meet. */
const DELETION: readonly [string, FaultCase] = [
  "the deletion of the tenant",
  { method: "DELETE", path: ({ slug }) => `/tenants/${slug}?confirm=${slug}` },
];
const SETTINGS: readonly [string, FaultCase] = [
  "a change of settings",
  changing({ settings: { logRetentionDays: 30 } }),
];

/** Whatever takes away or takes hold of what the operation is about. */
const RIVALS: Readonly<Record<string, readonly (readonly [string, FaultCase])[]>> = {
  updateTenant: [
    ["another name", changing({ name: "Other", organisation: "Other", status: "paused" })],
  ],
  issueToken: [["a pause", changing({ status: "paused", settings: { ssoActive: false } })]],
  rotateToken: [["its revocation", removing(({ tenant }) => `/tokens/${tenant.id}`)]],
  addClientSecret: [["the deletion of the client", removing(({ client }) => `/clients/${client}`)]],
  deleteClientSecret: [
    ["another one", { method: "POST", path: below(({ client }) => `/clients/${client}/secrets`) }],
  ],
  enrolUser: [
    [
      "an import of the same person",
      {
        method: "POST",
        path: below("/users/import"),
        body: () => "email,displayName\nnew@example.com,Other",
      },
    ],
  ],
  importUsers: [["the deletion of a person", removeManual]],
  changeUser: [
    ["the deletion of the person", removeManual],
    ["another change", changing({ familyName: "Gil" }, ({ manual }) => `/users/${manual}`)],
  ],
  adoptUser: [
    ["the deletion of the person", removeManual],
    ["a change of the person", changing({ familyName: "Gil" }, ({ manual }) => `/users/${manual}`)],
  ],
  undoAdoption: [
    ["the deletion of the person", removing(({ adopted }) => `/users/${adopted}`)],
    ["a deactivation", changing({ active: false }, ({ adopted }) => `/users/${adopted}`)],
  ],
  deleteUser: [
    ["a deactivation", changing({ active: false }, ({ managed }) => `/users/${managed}`)],
    ["an erasure", { method: "POST", path: below(({ managed }) => `/users/${managed}/erase`) }],
  ],
  eraseUser: [["the deletion of the person", removeManaged]],
  putResourceType: [["the deletion of its schema", removing(() => `/schemas/${SPARE}`)]],
  deleteSchema: [
    [
      "a type that has it",
      {
        method: "PUT",
        path: below("/resource-types/Spare"),
        body: () => ({ endpoint: "/Spares", schema: SPARE }),
      },
    ],
  ],
  invitePeople: [
    ["the deletion of a person", removeManual],
    ["a deactivation", changing({ active: false }, ({ manual }) => `/users/${manual}`)],
  ],
  resendInvitation: [["the deletion of the person", removing(({ sent }) => `/users/${sent}`)]],
  acceptInvitation: [
    [
      "sending it again",
      { method: "POST", path: below(({ sent }) => `/invitations/${sent}/resend`) },
    ],
  ],
  cancelInvitation: [["the deletion of the person", removeManaged]],
  createDepartment: [
    ["a new name", changing({ name: "East" }, ({ north }) => `/departments/${north}`)],
  ],
  renameDepartment: [
    ["its deletion", removeSouth],
    ["the same name", changing({ name: "Deep South" }, ({ north }) => `/departments/${north}`)],
  ],
  deleteDepartment: [
    [
      "an assignment",
      {
        method: "POST",
        path: below(({ south }) => `/departments/${south}/members`),
        body: ({ manual }) => ({ add: [manual] }),
      },
    ],
  ],
  mergeDepartments: [
    [
      "a merge the other way round",
      merging(
        ({ north }) => `/departments/${north}/merge`,
        ({ south }) => south,
      ),
    ],
    ["the deletion of its target", removing(({ north }) => `/departments/${north}`)],
  ],
  keepDepartment: [
    [
      "a reconciliation",
      { method: "POST", path: () => "/reconciliations", body: ({ slug }) => ({ tenant: slug }) },
    ],
    [
      "a merge",
      merging(
        ({ orphan }) => `/departments/${orphan}/merge`,
        ({ north }) => north,
      ),
    ],
  ],
  assignToDepartment: [
    ["the deletion of the department", removeSouth],
    ["the deletion of a person", removeManual],
  ],
};

const isWrite = ({ method }: FaultCase) => method !== "GET";
const pairs = OPERATIONS.flatMap(({ id, status }) => {
  const one = FAULT_TABLE[id];
  if (!one) return [];
  // What makes something new each time has nothing to clash with, and of what takes a lease the second one is
  // refused (reconciliations.test.ts).
  const meetsItself = one.resumes === undefined && (status !== 201 || one.again !== undefined);
  const itself = isWrite(one) && meetsItself ? [["the same request", one] as const] : [];
  const everywhere = isWrite(one) ? [SETTINGS, DELETION] : [DELETION];
  return [...itself, ...everywhere, ...(RIVALS[id] ?? [])].map(
    ([name, other]) => [id, name, one, other] as const,
  );
});

describe("two administrators at once", () => {
  it.each(pairs)(
    "leave after %s and %s what they would one after the other",
    { timeout: 30_000 },
    async (id, _name, one, other) => {
      const behind = Math.max(1, beginningOf(id, one, theatre.scene));
      await meetings.expectSerial(one, other, behind);
    },
  );
});
