import type { AdminPrincipal } from "../tenancy/admin-principal.ts";

type Kind = AdminPrincipal["kind"];

const OPERATOR: readonly Kind[] = ["operator"];
const ADMIN: readonly Kind[] = ["operator", "admin"];
/** Who sets up a connection with a link may do so, and see whether it works. */
const SETUP: readonly Kind[] = ["operator", "admin", "setup"];
/** The back end of a product reads the directory and follows it. */
const READER: readonly Kind[] = ["operator", "admin", "reader"];
const EVERYBODY: readonly Kind[] = ["operator", "admin", "reader", "setup"];

/**
 * Which kinds of principals may call which operation: the one table for the API and the console. All but the
 * operator meet their own tenant only; every other one is, for them, not there. What a tenant's administrator may
 * not change within an operation stands in `operator-fields.ts`.
 */
export const PERMISSIONS = {
  createTenant: OPERATOR,
  listTenants: ADMIN,
  getTenant: SETUP,
  updateTenant: ADMIN,
  moveTenant: OPERATOR,
  deleteTenant: OPERATOR,
  listOrganisations: OPERATOR,
  getDeployment: OPERATOR,

  issueToken: SETUP,
  listTokens: SETUP,
  rotateToken: SETUP,
  revokeToken: SETUP,
  createClient: SETUP,
  listClients: SETUP,
  deleteClient: SETUP,
  addClientSecret: SETUP,
  deleteClientSecret: SETUP,
  createAdminKey: ADMIN,
  listAdminKeys: ADMIN,
  deleteAdminKey: ADMIN,
  createSetupLink: ADMIN,
  listSetupLinks: ADMIN,
  deleteSetupLink: ADMIN,

  listUsers: READER,
  enrolUser: ADMIN,
  exportUsers: READER,
  importUsers: ADMIN,
  preflight: ADMIN,
  getUser: READER,
  changeUser: ADMIN,
  deleteUser: ADMIN,
  getUserHistory: READER,
  adoptUser: ADMIN,
  undoAdoption: ADMIN,
  eraseUser: ADMIN,

  listGroups: READER,
  getGroup: READER,
  listGroupMembers: READER,
  listDepartments: READER,
  createDepartment: ADMIN,
  getDepartment: READER,
  renameDepartment: ADMIN,
  deleteDepartment: ADMIN,
  mergeDepartments: ADMIN,
  keepDepartment: ADMIN,
  listDepartmentMembers: READER,
  assignToDepartment: ADMIN,

  listInvitations: ADMIN,
  invitePeople: ADMIN,
  resendInvitation: ADMIN,
  acceptInvitation: READER,
  cancelInvitation: ADMIN,
  listAlerts: SETUP,
  resolveAlert: ADMIN,

  listChanges: EVERYBODY,
  getStats: EVERYBODY,
  getTraffic: SETUP,
  runReconciliation: ADMIN,
  listReconciliations: OPERATOR,

  putSchema: OPERATOR,
  getSchema: ADMIN,
  deleteSchema: OPERATOR,
  putResourceType: OPERATOR,
  getResourceType: ADMIN,
  deleteResourceType: OPERATOR,
} as const;

export type OperationId = keyof typeof PERMISSIONS;
