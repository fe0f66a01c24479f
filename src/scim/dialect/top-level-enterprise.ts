import type { AttributePath } from "../filter/ast.ts";
import type { ResourceType } from "../schema/attribute.ts";
import { ENTERPRISE_USER_SCHEMA } from "../schema/enterprise-user.ts";
import { findPath } from "../schema/find-attribute.ts";

/**
 * The enterprise attribute that a bare name at the top of a resource stands for, when the resource type has the
 * enterprise extension; the caller has found no core attribute of that name: `department` for
 * `urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department`.
 *
 * Source: request collections and templates written by hand (Postman, OneLogin's JSON template) forget the URN, and
 * older engines of Entra ask for `id eq "…" and manager eq "…"`.
 */
export function findTopLevelEnterprise(
  type: ResourceType,
  name: string,
): AttributePath | undefined {
  const hasExtension = type.schemaExtensions.some(
    (extension) => extension.schema === ENTERPRISE_USER_SCHEMA,
  );
  if (!hasExtension || name.includes(":")) return undefined;
  return findPath(type, `${ENTERPRISE_USER_SCHEMA.id}:${name}`);
}
