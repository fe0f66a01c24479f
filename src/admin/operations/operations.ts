import type { Operation } from "../operation.ts";
import { listAlertsOperation } from "./alerts/list-alerts.ts";
import { resolveAlertOperation } from "./alerts/resolve-alert.ts";
import { createTenantOperation } from "./create-tenant.ts";
import { enrolUserOperation } from "./enrol-user.ts";
import { getTenantOperation } from "./get-tenant.ts";
import {
  acceptInvitationOperation,
  cancelInvitationOperation,
  resendInvitationOperation,
} from "./invitations/change-invitation.ts";
import { invitePeopleOperation } from "./invitations/invite-people.ts";
import { listInvitationsOperation } from "./invitations/list-invitations.ts";
import { issueTokenOperation } from "./issue-token.ts";
import { listTenantsOperation } from "./list-tenants.ts";
import { listTokensOperation } from "./list-tokens.ts";
import { moveTenantOperation } from "./move-tenant.ts";
import {
  deleteResourceTypeOperation,
  getResourceTypeOperation,
  putResourceTypeOperation,
} from "./resource-type-operations.ts";
import { revokeTokenOperation } from "./revoke-token.ts";
import {
  deleteSchemaOperation,
  getSchemaOperation,
  putSchemaOperation,
} from "./schema-operations.ts";
import { updateTenantOperation } from "./update-tenant.ts";

/** Everything that can be administered. What is not in this table is neither in the API nor in the console. */
export const OPERATIONS: readonly Operation[] = [
  createTenantOperation,
  listTenantsOperation,
  getTenantOperation,
  updateTenantOperation,
  moveTenantOperation,
  issueTokenOperation,
  listTokensOperation,
  revokeTokenOperation,
  enrolUserOperation,
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
];
