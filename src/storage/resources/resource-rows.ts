import { sql } from "drizzle-orm";

import type { ResourceRecord } from "../../scim/represent.ts";
import { parseStoredDocument } from "../stored-document.ts";
import { resources } from "../catalogue-tables.ts";

export interface ResourceRow {
  id: string;
  resource: string;
  version: number;
  created_at: string;
  updated_at: string;
}

export const resourceColumns = sql`${resources}.id, ${resources}.resource, ${resources}.version,
  ${resources}.created_at, ${resources}.updated_at`;

export const resourceRecord = (row: ResourceRow): ResourceRecord => ({
  id: row.id,
  document: parseStoredDocument(row.resource),
  version: row.version,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});
