import { sql, type SQL } from "drizzle-orm";

import type { JournalFilter } from "../../journal/journal-reader.ts";
import { changes } from "../tables.ts";

/** The rows that an index of its own finds, as `FROM` takes them, with what it decides; undefined: none serves. */
export function indexedRows({ resourceId, outcome }: JournalFilter): SQL | undefined {
  if (resourceId !== undefined) {
    return sql`${changes} INDEXED BY changes_resource WHERE resource_id = ${resourceId}`;
  }
  return outcome === "refused"
    ? sql`${changes} INDEXED BY changes_refused WHERE outcome = 'refused'`
    : undefined;
}

export const timeConditions = ({ since, until }: JournalFilter): SQL[] => [
  ...(since === undefined ? [] : [sql`at >= ${since}`]),
  ...(until === undefined ? [] : [sql`at <= ${until}`]),
];

/** What neither the number of a row decides nor the index that finds it. */
export function otherConditions(filter: JournalFilter): SQL[] {
  const equal = (column: string, value: string | undefined) =>
    value === undefined ? [] : [sql`${sql.identifier(column)} = ${value}`];
  const { text, outcome, resourceId } = filter;
  const isServed = outcome === "refused" && resourceId === undefined;
  const contains = (column: string) =>
    sql`instr(lower(coalesce(${sql.identifier(column)}, '')), lower(${text})) > 0`;
  return [
    ...equal("outcome", isServed ? undefined : outcome),
    ...equal("resource_type", filter.resourceType),
    ...equal("operation", filter.operation),
    ...equal("request_id", filter.requestId),
    ...(text === undefined
      ? []
      : [sql`(${contains("resource_id")} OR ${contains("reason")} OR ${contains("diff")})`]),
  ];
}
