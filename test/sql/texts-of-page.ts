import { sql } from "drizzle-orm";

import type { ListPosition } from "../../src/directory/ports.ts";
import type { ListQuery } from "../../src/scim/list/list-query.ts";
import { prepare } from "../../src/storage/d1/prepare.ts";
import type { TenantDatabase } from "../../src/storage/d1/tenant-database.ts";
import type { FilterTable } from "../../src/storage/filter/filter-columns.ts";
import { resourcePage } from "../../src/storage/filter/resource-page.ts";

/** A place to which statements are only written. The cast's guarantee: `prepare` asks for nothing else. */
const notebook = (texts: string[]): D1Database =>
  ({
    prepare(text: string) {
      texts.push(text);
      return { bind: () => undefined };
    },
  }) as unknown as D1Database;

/** The texts of the statements that a page of resources is read with. */
export function textsOfPage(table: FilterTable, query: ListQuery, after?: ListPosition): string[] {
  const texts: string[] = [];
  const database = notebook(texts);
  const unused = () => Promise.reject(new Error("A page writes nothing."));
  const read: TenantDatabase["read"] = (queries) => {
    for (const one of queries) prepare(database, one);
    return Promise.resolve([]);
  };
  const { filter, sortBy, sortOrder, startIndex, count } = query;
  const { baseUrl } = table;
  const page = { filter, sortBy, sortOrder, startIndex, count, after, baseUrl, related: false };
  // Its first trip is made at once, and a second one only where rows have come.
  void resourcePage(
    { key: table.tenantKey, confirm: unused, read, write: unused },
    table,
    { ...page, visible: "scim" },
    sql`resource`,
  );
  return texts;
}
