import type { Operation } from "../operation.ts";
import { listAlertsOperation } from "./alerts/list-alerts.ts";
import { resolveAlertOperation } from "./alerts/resolve-alert.ts";
import { listChangesOperation } from "./changes/list-changes.ts";
import { createTenantOperation } from "./tenants/create-tenant.ts";
import { assignByHandOperation } from "./departments/assign-by-hand.ts";
import { createDepartmentOperation } from "./departments/create-department.ts";
import { deleteDepartmentOperation } from "./departments/delete-department.ts";
import { getDepartmentOperation } from "./departments/get-department.ts";
import { keepDepartmentOperation } from "./departments/keep-department.ts";
import { listDepartmentMembersOperation } from "./departments/list-department-members.ts";
import { listDepartmentsOperation } from "./departments/list-departments.ts";
import { mergeDepartmentsOperation } from "./departments/merge-departments.ts";
import { renameDepartmentOperation } from "./departments/rename-department.ts";
import { getGroupOperation } from "./groups/get-group.ts";
import { listGroupMembersOperation } from "./groups/list-group-members.ts";
import { listGroupsOperation } from "./groups/list-groups.ts";
import { getTenantOperation } from "./tenants/get-tenant.ts";
import {
  acceptInvitationOperation,
  cancelInvitationOperation,
  resendInvitationOperation,
} from "./invitations/change-invitation.ts";
import { invitePeopleOperation } from "./invitations/invite-people.ts";
import { listInvitationsOperation } from "./invitations/list-invitations.ts";
import { issueTokenOperation } from "./tokens/issue-token.ts";
import { listTenantsOperation } from "./tenants/list-tenants.ts";
import { listTokensOperation } from "./tokens/list-tokens.ts";
import { moveTenantOperation } from "./tenants/move-tenant.ts";
import { listReconciliationsOperation } from "./reconciliations/list-reconciliations.ts";
import { runReconciliationOperation } from "./reconciliations/run-reconciliation.ts";
import {
  deleteResourceTypeOperation,
  getResourceTypeOperation,
  putResourceTypeOperation,
} from "./catalogue/resource-type-operations.ts";
import { addClientSecretOperation } from "./clients/add-client-secret.ts";
import { createClientOperation } from "./clients/create-client.ts";
import { deleteClientSecretOperation } from "./clients/delete-client-secret.ts";
import { deleteClientOperation } from "./clients/delete-client.ts";
import { listClientsOperation } from "./clients/list-clients.ts";
import { createAdminKeyOperation } from "./keys/create-admin-key.ts";
import { listAdminKeysOperation } from "./keys/list-admin-keys.ts";
import { createSetupLinkOperation } from "./setup-links/create-setup-link.ts";
import { listSetupLinksOperation } from "./setup-links/list-setup-links.ts";
import { getDeploymentOperation } from "./tenants/get-deployment.ts";
import {
  deleteAdminKeyOperation,
  deleteSetupLinkOperation,
  revokeTokenOperation,
} from "./tokens/revoke-operations.ts";
import { rotateTokenOperation } from "./tokens/rotate-token.ts";
import {
  deleteSchemaOperation,
  getSchemaOperation,
  putSchemaOperation,
} from "./catalogue/schema-operations.ts";
import { getStatsOperation } from "./stats/get-stats.ts";
import { getTrafficOperation } from "./stats/get-traffic.ts";
import { deleteTenantOperation } from "./tenants/delete-tenant.ts";
import { listOrganisationsOperation } from "./tenants/list-organisations.ts";
import { updateTenantOperation } from "./tenants/update-tenant.ts";
import { adoptUserOperation } from "./users/adopt-user.ts";
import { changeUserOperation } from "./users/change-user.ts";
import { deleteUserOperation } from "./users/delete-user.ts";
import { enrolUserOperation } from "./users/enrol-user.ts";
import { eraseUserOperation } from "./users/erase-user.ts";
import { exportUsersOperation } from "./users/export-users.ts";
import { getUserHistoryOperation } from "./users/get-user-history.ts";
import { getUserOperation } from "./users/get-user.ts";
import { importUsersOperation } from "./users/import-users.ts";
import { listUsersOperation } from "./users/list-users.ts";
import { preflightOperation } from "./users/preflight.ts";
import { undoAdoptionOperation } from "./users/undo-adoption.ts";

/** Everything that can be administered. What is not in this table is neither in the API nor in the console. */
export const OPERATIONS: readonly Operation[] = [
  createTenantOperation,
  listTenantsOperation,
  getTenantOperation,
  updateTenantOperation,
  moveTenantOperation,
  deleteTenantOperation,
  listOrganisationsOperation,
  getDeploymentOperation,
  issueTokenOperation,
  listTokensOperation,
  rotateTokenOperation,
  revokeTokenOperation,
  createClientOperation,
  listClientsOperation,
  deleteClientOperation,
  addClientSecretOperation,
  deleteClientSecretOperation,
  createAdminKeyOperation,
  listAdminKeysOperation,
  deleteAdminKeyOperation,
  createSetupLinkOperation,
  listSetupLinksOperation,
  deleteSetupLinkOperation,
  listUsersOperation,
  enrolUserOperation,
  // Before the person whose id would be "export".
  exportUsersOperation,
  importUsersOperation,
  preflightOperation,
  getUserOperation,
  changeUserOperation,
  deleteUserOperation,
  getUserHistoryOperation,
  adoptUserOperation,
  undoAdoptionOperation,
  eraseUserOperation,
  putSchemaOperation,
  getSchemaOperation,
  deleteSchemaOperation,
  putResourceTypeOperation,
  getResourceTypeOperation,
  deleteResourceTypeOperation,
  listInvitationsOperation,
  invitePeopleOperation,
  resendInvitationOperation,
  acceptInvitationOperation,
  cancelInvitationOperation,
  listAlertsOperation,
  resolveAlertOperation,
  listDepartmentsOperation,
  createDepartmentOperation,
  getDepartmentOperation,
  renameDepartmentOperation,
  deleteDepartmentOperation,
  mergeDepartmentsOperation,
  keepDepartmentOperation,
  listDepartmentMembersOperation,
  assignByHandOperation,
  listGroupsOperation,
  getGroupOperation,
  listGroupMembersOperation,
  runReconciliationOperation,
  listReconciliationsOperation,
  listChangesOperation,
  getStatsOperation,
  getTrafficOperation,
];
