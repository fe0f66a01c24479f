import { sql } from "drizzle-orm";

import type { GroupRecord, MemberPages } from "../../directory/ports.ts";
import { parseStoredDocument } from "../stored-document.ts";
import { groups } from "../tables.ts";

export interface GroupRow {
  id: string;
  resource: string;
  department_id: string | null;
  version: number;
  created_at: string;
  updated_at: string;
}

export const groupColumns = sql`${groups}.id, ${groups}.resource, ${groups}.department_id, ${groups}.version,
  ${groups}.created_at, ${groups}.updated_at`;

export function groupRecord(row: GroupRow, members: MemberPages | undefined): GroupRecord {
  return {
    id: row.id,
    document: parseStoredDocument(row.resource),
    departmentId: row.department_id,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    members,
  };
}
