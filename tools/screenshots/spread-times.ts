import { openLocalDatabase } from "../dev/open-local-database.ts";

const HOUR_MS = 3_600_000;
const DAYS = 6;
/** So many times more is written at this hour of the day than at night. */
const BUSY = [0, 0, 0, 0, 0, 1, 3, 8, 14, 11, 9, 6, 5, 9, 10, 7, 4, 2, 1, 1, 0, 0, 0, 0];
/** The first cycle brings most of it, on the first day. */
const DAY_ONE_TIMES = 12;

/** Spreads what was done within a minute over the last days, in its order, as if it had taken them. */
export function spreadTimes(folder: string, slug: string, now: number): void {
  const database = openLocalDatabase(folder);
  try {
    const key = database
      .prepare(
        "SELECT tenant_key FROM tenant_states WHERE tenant_id = (SELECT id FROM tenants WHERE slug = ?)",
      )
      .get(slug)?.["tenant_key"];
    if (typeof key !== "number") throw new Error(`There is no tenant ${slug}.`);
    const rows = database
      .prepare("SELECT seq FROM changes WHERE tenant_key = ? ORDER BY seq")
      .all(key);
    const times = timesFor(rows.length, now);
    const move = database.prepare("UPDATE changes SET at = ? WHERE tenant_key = ? AND seq = ?");
    database.exec("BEGIN");
    for (const [at, { seq = null }] of rows.entries()) move.run(times[at] ?? "", key, seq);
    // The token before the rotation has been silent since; the other one has just been here.
    const used = database.prepare(
      "UPDATE credentials SET created_at = ?, last_used_at = ? WHERE tenant_key = ? AND name = ? AND created_at = (SELECT min(created_at) FROM credentials WHERE tenant_key = ?)",
    );
    used.run(hoursAgo(now, DAYS * 24), hoursAgo(now, 40), key, "Entra ID", key);
    database.exec("COMMIT");
  } finally {
    database.close();
  }
}

const hoursAgo = (now: number, hours: number) => new Date(now - hours * HOUR_MS).toISOString();

/** So many times in a row, the last of them 20 minutes ago. */
function timesFor(count: number, now: number): string[] {
  const end = now - HOUR_MS / 3;
  const hours = Array.from({ length: DAYS * 24 }, (_, at) => {
    const start = end - (DAYS * 24 - at) * HOUR_MS;
    const busy = BUSY[new Date(start).getUTCHours()] ?? 0;
    return { start, weight: (busy + 0.2) * (at < 24 ? DAY_ONE_TIMES : 1) };
  });
  const total = hours.reduce((sum, { weight }) => sum + weight, 0);
  return Array.from({ length: count }, (_, at) => {
    let left = ((at + 0.5) / count) * total;
    const hour = hours.find(({ weight }) => (left -= weight) < 0);
    if (!hour) return new Date(end).toISOString();
    return new Date(hour.start + (1 + left / hour.weight) * HOUR_MS).toISOString();
  });
}
