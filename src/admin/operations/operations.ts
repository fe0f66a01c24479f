import type { Operation } from "../operation.ts";
import { createTenantOperation } from "./create-tenant.ts";
import { enrolUserOperation } from "./enrol-user.ts";
import { getTenantOperation } from "./get-tenant.ts";
import { issueTokenOperation } from "./issue-token.ts";
import { listTenantsOperation } from "./list-tenants.ts";
import { listTokensOperation } from "./list-tokens.ts";
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
];
