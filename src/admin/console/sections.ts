import type { OperationId } from "../permissions.ts";

/** The pages of the console in the order of its menu; each is there for whom its operation is. */
export const SECTIONS = [
  { id: "tenants", text: "Tenants", operation: "createTenant", isOfTenant: false },
  {
    id: "reconciliations",
    text: "Reconciliations",
    operation: "listReconciliations",
    isOfTenant: false,
  },
  { id: "deployment", text: "Deployment", operation: "getDeployment", isOfTenant: false },
  { id: "overview", text: "Overview", operation: "getStats", isOfTenant: true },
  { id: "connect", text: "Connect", operation: "issueToken", isOfTenant: true },
  { id: "tokens", text: "Tokens", operation: "listTokens", isOfTenant: true },
  { id: "log", text: "Log", operation: "listChanges", isOfTenant: true },
  { id: "people", text: "People", operation: "enrolUser", isOfTenant: true },
  { id: "groups", text: "Groups", operation: "listGroups", isOfTenant: true },
  { id: "departments", text: "Departments", operation: "createDepartment", isOfTenant: true },
  { id: "invitations", text: "Invitations", operation: "listInvitations", isOfTenant: true },
  { id: "settings", text: "Settings", operation: "updateTenant", isOfTenant: true },
] as const satisfies readonly {
  id: string;
  text: string;
  operation: OperationId;
  isOfTenant: boolean;
}[];

export type Section = (typeof SECTIONS)[number]["id"];
