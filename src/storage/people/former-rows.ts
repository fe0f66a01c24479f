import { sql, type SQL } from "drizzle-orm";

import type { PersonsDepartment } from "../../directory/departments/persons-department.ts";
import type { FormerPerson } from "../../directory/people/ports.ts";
import type { Origin } from "../../directory/ports.ts";
import { formerPeople } from "../people-tables.ts";
import { parseStoredDocument } from "../stored-document.ts";

export interface FormerRow {
  id: string;
  resource: string;
  user_name_key: string;
  email: string | null;
  origin: Origin;
  departments: string;
  version: number;
  created_at: string;
  deleted_at: string;
}

const columns = sql`id, resource, user_name_key, email, origin, departments, version, created_at, deleted_at`;

export const selectFormer = (tenantKey: number, id: string): SQL =>
  sql`SELECT ${columns} FROM ${formerPeople} INDEXED BY former_people_id
    WHERE tenant_key = ${tenantKey} AND id = ${id}`;

/** By the primary key. */
export const selectFormerNamed = (tenantKey: number, userNameKey: string): SQL =>
  sql`SELECT ${columns} FROM ${formerPeople} WHERE tenant_key = ${tenantKey} AND user_name_key = ${userNameKey}`;

/**
 * The one whom somebody new follows under the same userName: of several the one who left last. By the primary key,
 * and one row is read where there is one.
 */
export const predecessorId = (tenantKey: number, userNameKey: SQL): SQL =>
  sql`(SELECT former.id FROM ${formerPeople} AS former
    WHERE former.tenant_key = ${tenantKey} AND former.user_name_key = ${userNameKey}
    ORDER BY former.deleted_at DESC, former.id DESC LIMIT 1)`;

/** The guarantee of the cast: the statement that deletes a person wrote this text. */
const parseDepartments = (text: string) => JSON.parse(text) as PersonsDepartment[];

export const formerPerson = (row: FormerRow): FormerPerson => ({
  id: row.id,
  document: parseStoredDocument(row.resource),
  email: row.email,
  userNameKey: row.user_name_key,
  origin: row.origin,
  departments: parseDepartments(row.departments),
  version: row.version,
  createdAt: row.created_at,
  deletedAt: row.deleted_at,
});
