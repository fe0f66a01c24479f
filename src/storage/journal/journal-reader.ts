import { sql } from "drizzle-orm";

import type { JournalFilter, JournalReader } from "../../journal/journal-reader.ts";
import type { LiveTenant } from "../../tenancy/tenant.ts";
import { rowsOf } from "../d1/prepare.ts";
import { tenantDatabase } from "../d1/tenant-database.ts";
import { journalPage, keptRange, selectEnds, type Range } from "./journal-page.ts";
import { resourceNames } from "./resource-names.ts";
import { earliestSeq, latestSeq } from "./seq-at.ts";

const EVERYTHING: Range = { from: 1, to: Number.MAX_SAFE_INTEGER };

/** The journal of one tenant in its D1 database. */
export function journalReader(d1: D1Database, tenant: LiveTenant): JournalReader {
  const database = tenantDatabase(d1, tenant);
  const { key } = database;

  /** The rows that a time can be among; `known`: their end is a number that there is. */
  async function rangeOf({ since, until }: JournalFilter, end: "known" | "open"): Promise<Range> {
    if (since === undefined && until === undefined && end === "open") return EVERYTHING;
    const [found, ends] = await database.read([
      sql`SELECT ${since === undefined ? sql`NULL` : earliestSeq(key, since)} AS earliest,
        ${until === undefined ? sql`NULL` : latestSeq(key, until)} AS latest`,
      selectEnds(key),
    ]);
    const [row] = rowsOf<{ earliest: number | null; latest: number | null }>(found);
    const to = end === "known" ? keptRange(ends).to : EVERYTHING.to;
    return { from: row?.earliest ?? EVERYTHING.from, to: Math.min(row?.latest ?? to, to) };
  }

  return {
    async newest(filter, { limit, before }) {
      const asked = await rangeOf(filter, before === undefined ? "known" : "open");
      const range = { ...asked, to: Math.min(asked.to, before ?? asked.to) };
      return (await journalPage(database, { filter, range, limit, order: "newest" })).page;
    },

    async following(filter, { limit, after }) {
      const asked = await rangeOf(filter, "open");
      const range = { ...asked, from: Math.max(asked.from, (after ?? 0) + 1) };
      const { page, kept } = await journalPage(database, { filter, range, limit, order: "oldest" });
      // Of the same moment as the page: a purge in between cannot leave a gap that nobody tells.
      return after !== undefined && after + 1 < kept.from ? "purged" : page;
    },

    names: (ids) => resourceNames(database, ids),
  };
}
