import { ORIGIN, SCIM_BASE } from "../../mint-tenant.ts";
import { BADGE, schemaOf, SPARE, type Scene } from "./fault-scene.ts";

/** A request that an operation gets in every fault. */
export interface FaultCase {
  /** Who sends it: an administrator unless it is the identity provider. */
  readonly by?: "scim";
  readonly method: string;
  /** Below the base of the admin API, or of SCIM. */
  readonly path: (scene: Scene) => string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; a text as CSV. */
  readonly body?: (scene: Scene) => unknown;
  /** The status of the same request once more, after it was applied. Without it: the same as before. */
  readonly again?: 404 | 409;
  /**
   * Several transactions, of which some may be done when it ends with a 503: harmless, because the same request does
   * the rest. The tables whose rows tell how often it was begun.
   */
  readonly resumes?: readonly string[];
  /** It is the answer that says which database cannot answer. */
  readonly tellsOfFaults?: true;
}

/** Operations in which the look-up of their tenant meets everything; all others begin with the same round trips. */
const WITH_LOOK_UP: ReadonlySet<string> = new Set([
  "getTenant",
  "issueToken",
  "enrolUser",
  "listUsers",
]);
const LOOK_UP_TRIPS = 2;

/** Behind which round trip an operation is an operation of its own. */
export const beginningOf = (id: string, { path }: FaultCase, scene: Scene): number =>
  path(scene).startsWith(`/tenants/${scene.slug}/`) && !WITH_LOOK_UP.has(id) ? LOOK_UP_TRIPS : 0;

/** The request of a case, as the operator or with the token of the scene. */
export function requestOf(
  { by, method, path, headers: more, body }: FaultCase,
  scene: Scene,
): Request {
  const sent = body?.(scene);
  const isFile = typeof sent === "string";
  const key = by === "scim" ? scene.tenant.token : "admin-key-of-the-test-suite-0123456789abcdef";
  const json = by === "scim" ? "application/scim+json" : "application/json";
  const headers = {
    Authorization: `Bearer ${key}`,
    "Content-Type": isFile ? "text/csv" : json,
    ...more,
  };
  return new Request(`${by === "scim" ? SCIM_BASE : `${ORIGIN}/api/v1/admin`}${path(scene)}`, {
    method,
    headers,
    ...(sent !== undefined && { body: isFile ? sent : JSON.stringify(sent) }),
  });
}

const below =
  (path: string | ((scene: Scene) => string)): ((scene: Scene) => string) =>
  (scene) =>
    `/tenants/${scene.slug}${typeof path === "string" ? path : path(scene)}`;

const read = (path: string | ((scene: Scene) => string)): FaultCase => ({
  method: "GET",
  path: below(path),
});

const CSV = `email,userName,displayName,department
ada.gil@example.com,,Ada Gil,Kitchen
mia@example.com,,Mia Gil,North`;

/**
 * One request for each operation, by its id: what is added to the operations has to be added here, or the suite fails.
 * A scene is put back after each play, so that a case may do to it what it likes.
 */
export const FAULT_TABLE: Readonly<Record<string, FaultCase>> = {
  createTenant: {
    method: "POST",
    path: () => "/tenants",
    body: () => ({ slug: "another", name: "Another", organisation: "Acme", preset: "training" }),
    again: 409,
  },
  listTenants: { method: "GET", path: () => "/tenants?organisation=Acme" },
  getTenant: read(""),
  updateTenant: {
    method: "PATCH",
    path: below(""),
    body: () => ({ name: "New name", settings: { unknownMembers: "reject" } }),
  },
  moveTenant: { method: "POST", path: below("/move"), body: () => ({ database: "DB" }) },
  deleteTenant: {
    method: "DELETE",
    path: ({ slug }) => `/tenants/${slug}?confirm=${slug}`,
    again: 404,
  },
  listOrganisations: { method: "GET", path: () => "/organisations" },

  issueToken: {
    method: "POST",
    path: below("/tokens"),
    body: () => ({ name: "Second", scopes: ["users:read"] }),
  },
  listTokens: read("/tokens"),
  rotateToken: {
    method: "POST",
    path: below(({ tenant }) => `/tokens/${tenant.id}/rotate`),
    body: () => ({ overlapHours: 24 }),
  },
  getDeployment: { method: "GET", path: () => "/deployment", tellsOfFaults: true },
  createClient: {
    method: "POST",
    path: below("/clients"),
    body: () => ({ name: "Entra", scopes: ["users:read"] }),
  },
  listClients: read("/clients"),
  deleteClient: { method: "DELETE", path: below(({ client }) => `/clients/${client}`) },
  addClientSecret: { method: "POST", path: below(({ client }) => `/clients/${client}/secrets`) },
  deleteClientSecret: {
    method: "DELETE",
    path: below(({ client, clientSecret }) => `/clients/${client}/secrets/${clientSecret}`),
  },
  createAdminKey: {
    method: "POST",
    path: below("/admin-keys"),
    body: () => ({ name: "Product", role: "reader" }),
  },
  listAdminKeys: read("/admin-keys"),
  deleteAdminKey: { method: "DELETE", path: below(({ adminKey }) => `/admin-keys/${adminKey}`) },
  createSetupLink: { method: "POST", path: below("/setup-links"), body: () => ({}) },
  listSetupLinks: read("/setup-links"),
  deleteSetupLink: {
    method: "DELETE",
    path: below(({ setupLink }) => `/setup-links/${setupLink}`),
  },
  revokeToken: { method: "DELETE", path: below(({ tenant }) => `/tokens/${tenant.id}`) },

  listUsers: read("/users?q=a"),
  enrolUser: {
    method: "POST",
    path: below("/users"),
    body: () => ({ email: "new@example.com", givenName: "New", department: "Kitchen" }),
    again: 409,
  },
  exportUsers: read("/users/export"),
  importUsers: { method: "POST", path: below("/users/import"), body: () => CSV },
  preflight: { method: "POST", path: below("/preflight"), body: () => CSV },
  getUser: read(({ managed }) => `/users/${managed}`),
  changeUser: {
    method: "PATCH",
    path: below(({ manual }) => `/users/${manual}`),
    body: () => ({ displayName: "Mia Gil", department: "Cellar", active: false }),
  },
  deleteUser: {
    method: "DELETE",
    path: below(({ managed }) => `/users/${managed}`),
    again: 404,
  },
  getUserHistory: read(({ managed }) => `/users/${managed}/history`),
  adoptUser: {
    method: "POST",
    path: below(({ manual }) => `/users/${manual}/adopt`),
    again: 409,
  },
  undoAdoption: {
    method: "POST",
    path: below(({ adopted }) => `/users/${adopted}/unadopt`),
    again: 409,
  },
  eraseUser: {
    method: "POST",
    path: below(({ managed }) => `/users/${managed}/erase`),
    again: 404,
  },

  putSchema: {
    method: "PUT",
    path: below("/schemas/urn:example:scim:schemas:New"),
    body: () => schemaOf("New"),
  },
  getSchema: read(`/schemas/${BADGE}`),
  deleteSchema: { method: "DELETE", path: below(`/schemas/${SPARE}`), again: 404 },
  putResourceType: {
    method: "PUT",
    path: below("/resource-types/Spare"),
    body: () => ({ endpoint: "/Spares", schema: SPARE }),
  },
  getResourceType: read("/resource-types/Badge"),
  deleteResourceType: {
    method: "DELETE",
    path: below("/resource-types/Badge"),
    again: 404,
  },

  listInvitations: read("/invitations?state=queued"),
  invitePeople: {
    method: "POST",
    path: below("/invitations"),
    body: ({ manual, adopted }) => ({ userIds: [manual, adopted] }),
  },
  resendInvitation: {
    method: "POST",
    path: below(({ sent }) => `/invitations/${sent}/resend`),
  },
  acceptInvitation: {
    method: "POST",
    path: below(({ sent }) => `/invitations/${sent}/accept`),
  },
  cancelInvitation: {
    method: "POST",
    path: below(({ queued }) => `/invitations/${queued}/cancel`),
  },

  listAlerts: read("/alerts"),
  resolveAlert: { method: "POST", path: below(({ alert }) => `/alerts/${alert}/resolve`) },

  listDepartments: read("/departments"),
  createDepartment: {
    method: "POST",
    path: below("/departments"),
    body: () => ({ name: "East" }),
    again: 409,
  },
  getDepartment: read(({ south }) => `/departments/${south}`),
  renameDepartment: {
    method: "PATCH",
    path: below(({ south }) => `/departments/${south}`),
    body: () => ({ name: "Deep South" }),
  },
  deleteDepartment: {
    method: "DELETE",
    path: below(({ south }) => `/departments/${south}`),
    again: 404,
  },
  mergeDepartments: {
    method: "POST",
    path: below(({ south }) => `/departments/${south}/merge`),
    body: ({ north }) => ({ into: north }),
    again: 404,
  },
  keepDepartment: {
    method: "POST",
    path: below(({ orphan }) => `/departments/${orphan}/keep`),
  },
  listDepartmentMembers: read(({ south }) => `/departments/${south}/members`),
  assignToDepartment: {
    method: "POST",
    path: below(({ south }) => `/departments/${south}/members`),
    body: ({ manual, managed }) => ({ add: [manual, "nobody"], remove: [managed] }),
  },

  listGroups: read("/groups"),
  getGroup: read(({ group }) => `/groups/${group}`),
  listGroupMembers: read(({ group }) => `/groups/${group}/members`),

  runReconciliation: {
    method: "POST",
    path: () => "/reconciliations",
    body: ({ slug }) => ({ tenant: slug }),
    resumes: ["changes", "leases", "reconciliations", "sqlite_sequence"],
  },
  listReconciliations: { method: "GET", path: () => "/reconciliations" },

  listChanges: read("/changes"),
  getStats: read("/stats"),
  getTraffic: read("/traffic"),
};
