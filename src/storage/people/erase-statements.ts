import { sql, type SQL } from "drizzle-orm";

import { forgetAssignments } from "../departments/assignment-statements.ts";
import { deactivations, deactivationWindows } from "../notice-tables.ts";
import { formerPeople } from "../people-tables.ts";
import { sameVersion } from "../d1/same-version.ts";
import { changes } from "../tables.ts";
import { jsonChunks } from "./json-chunks.ts";

/**
 * Takes away what other rows say of somebody who goes for good. Their rows in the journal stay, because its
 * numbers have no gaps, and say no more than that something was done. A window of the guard that is over is
 * emptied with the next one.
 */
export const forgetPerson = (tenantKey: number, id: string): SQL[] => [
  sql`UPDATE ${changes} INDEXED BY changes_resource SET diff = '[]', reason = NULL
    WHERE tenant_key = ${tenantKey} AND resource_id = ${id}`,
  forgetAssignments(tenantKey, id),
  sql`DELETE FROM ${deactivations} WHERE tenant_key = ${tenantKey} AND user_id = ${id} AND window_started_at = (
    SELECT started_at FROM ${deactivationWindows} WHERE tenant_key = ${tenantKey})`,
];

/** A number may be given again once the journal was purged: only what is such a row is emptied. */
export const forgetRefusals = (tenantKey: number, seqs: readonly number[]): SQL[] =>
  jsonChunks(seqs).map(
    (chunk) => sql`UPDATE ${changes} NOT INDEXED SET diff = '[]', reason = NULL
      WHERE tenant_key = ${tenantKey} AND seq IN (SELECT value FROM json_each(${chunk}) AS named)
        AND outcome = 'refused' AND resource_id IS NULL`,
  );

/** Found by id through the index, and deleted by the primary key. */
export const eraseFormer = (tenantKey: number, id: string): SQL[] => [
  ...sameVersion(sql`DELETE FROM ${formerPeople} INDEXED BY former_people_id
    WHERE tenant_key = ${tenantKey} AND id = ${id}`),
  ...forgetPerson(tenantKey, id),
];
