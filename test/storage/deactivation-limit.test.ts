import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";

import {
  isMassDeactivation,
  type DeactivationCount,
  type DeactivationLimit,
} from "../../src/directory/deactivations/is-mass-deactivation.ts";
import { exceedsLimit } from "../../src/storage/notices/deactivation-statements.ts";
import { prepare } from "../../src/storage/d1/prepare.ts";
import { callWorker } from "../call-worker.ts";
import cases from "../directory/notices/mass-deactivation-cases.json";
import { mintTenant } from "../mint-tenant.ts";
import { patchOf } from "../scim-client.ts";
import { interceptD1 } from "./intercept-d1.ts";

interface Asked {
  readonly count: DeactivationCount;
  readonly limit: DeactivationLimit;
}

/** What D1 says to each. */
async function saidByD1(asked: readonly Asked[]): Promise<boolean[]> {
  const results = await env.DB.batch<{ trips: number }>(
    asked.map(({ count, limit }) => {
      const counted = sql`(SELECT ${count.people} AS people, ${count.activeAtStart} AS active_at_start)`;
      const condition = exceedsLimit(sql`people`, sql`active_at_start`, limit);
      return prepare(env.DB, sql`SELECT ${condition} AS trips FROM ${counted}`);
    }),
  );
  return results.map(({ results: [row] }) => row?.trips === 1);
}

/** Numbers that are the same in every run, from 0 up to 1. */
function* numbers(): Generator<number, never> {
  for (let state = 1; ;) {
    state = (state * 48_271) % 2_147_483_647;
    yield state / 2_147_483_647;
  }
}

describe("the limit of deactivations in SQL", () => {
  it("is the one of the table", async () => {
    expect(await saidByD1(cases)).toEqual(cases.map(({ trips }) => trips));
  });

  it("is the one of the pure function, at its edges too", async () => {
    const random = numbers();
    const upTo = (most: number) => Math.floor(random.next().value * (most + 1));
    const asked = Array.from({ length: 300 }, (_, at): Asked => {
      const activeAtStart = upTo(at % 3 === 0 ? 30 : 100_000);
      const percent = at % 2 === 0 ? 1 + upTo(99) : 1 + random.next().value * 99;
      const edge = Math.floor((percent * activeAtStart) / 100);
      return {
        count: { people: Math.max(0, edge - 1 + upTo(2)), activeAtStart },
        limit: { people: 1 + upTo(20), percent },
      };
    });
    const said = asked.map(({ count, limit }) => isMassDeactivation(count, limit));
    expect(await saidByD1(asked)).toEqual(said);
    expect(new Set(said).size).toBe(2);
  });
});

describe("the guard of deactivations", () => {
  const deactivate = patchOf({ op: "replace", path: "active", value: false });

  it("costs a counted deactivation 5 rows read and 2 written, and no round trip", async () => {
    const tenant = await mintTenant({ preset: "training" });
    const people: string[] = [];
    for (let at = 0; at < 3; at++) {
      people.push((await tenant.scim.post("/Users", { userName: `p${at}@example.com` })).id);
    }
    let cost = { trips: 0, read: 0, written: 0 };
    const database = interceptD1(env.DB, async ({ send }) => {
      const results = await send();
      for (const { meta } of results) {
        cost.read += meta.rows_read;
        cost.written += meta.rows_written;
      }
      cost.trips += 1;
      return results;
    });
    const scim = tenant.through(callWorker({ DB: database }));
    await scim.get("/Users?count=1");
    const costOf = async (id: string | undefined) => {
      cost = { trips: 0, read: 0, written: 0 };
      expect((await scim.patch(`/Users/${id}`, deactivate)).status).toBe(200);
      return cost;
    };
    const young = await costOf(people[0]);
    await env.DB.prepare("UPDATE users SET created_at = '2020-01-01' WHERE tenant_key = ?")
      .bind(tenant.key)
      .run();
    const first = await costOf(people[1]);
    const counted = await costOf(people[2]);
    const more = (cost: typeof young) => ({
      trips: cost.trips - young.trips,
      read: cost.read - young.read,
      written: cost.written - young.written,
    });
    expect(more(counted)).toEqual({ trips: 0, read: 5, written: 2 });
    // It opens the window.
    expect(more(first).written).toBe(3);
  });
});
