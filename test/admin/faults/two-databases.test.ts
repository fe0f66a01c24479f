import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { OPERATIONS } from "../../../src/admin/operations/operations.ts";
import { callWorker } from "../../call-worker.ts";
import { migrateSpares } from "../../many-databases.ts";
import { admin, issueToken, SCIM_BASE } from "../../mint-tenant.ts";
import { scimClient, type Answer } from "../../scim-client.ts";
import { interceptD1 } from "../../storage/intercept-d1.ts";
import { faultsOf, isInvisible, isUnknowable } from "./fault-kinds.ts";
import type { Scene } from "./fault-scene.ts";
import { FAULT_TABLE } from "./fault-table.ts";
import { expectUnavailable, openTheatre, withoutWaiting, type Theatre } from "./theatre.ts";

/** A database that says of itself that it holds more: new tenants go to the other one. */
const FULLER = interceptD1(env.DB, async ({ send }) =>
  (await send()).map((result) => ({ ...result, meta: { ...result.meta, size_after: 1e9 } })),
);
const TWO = { DB: FULLER, DB_1: env.SPARE_1 } as const;
const two = callWorker(TWO);
const SLUG = "elsewhere";

let theatre: Theatre;
let resume: () => void;
let token: string;

/** A tenant in DB_1, whose line is in the control database. */
async function makeScene(): Promise<Scene> {
  const made = await admin("POST", "/tenants", { slug: SLUG, name: "Elsewhere" }, two);
  await admin("PATCH", `/tenants/${SLUG}`, { settings: { ssoActive: true } }, two);
  const issued = await issueToken(SLUG, {}, two);
  token = issued.token;
  const client = await admin("POST", `/tenants/${SLUG}/clients`, { name: "Okta" }, two);
  const [secret] = client.body["secrets"] as { id: string }[];
  const through = () => scimClient(SCIM_BASE, token, two);
  const scim = through();
  // Its use is noted once in five minutes: not while others are compared.
  await scim.get("/Users");
  const none = "none";
  return {
    tenant: {
      ...issued,
      slug: SLUG,
      tenantId: made.id,
      key: 1,
      scim,
      through,
      change: () => Promise.resolve(),
    },
    slug: SLUG,
    manual: none,
    managed: none,
    adopted: none,
    former: none,
    inactive: none,
    queued: none,
    sent: none,
    group: none,
    north: none,
    south: none,
    orphan: none,
    alert: none,
    client: String(client.body["clientId"]),
    clientSecret: secret?.id ?? none,
    adminKey: none,
    setupLink: none,
  };
}

beforeAll(async () => {
  await migrateSpares();
  theatre = await openTheatre(makeScene, TWO);
});
beforeEach(async () => {
  await theatre.reset();
  resume = withoutWaiting();
});
afterEach(() => resume());

/** What identity providers and administrators see. */
async function seen(list: string): Promise<string> {
  const scim: Answer = await scimClient(SCIM_BASE, token, two).get("/Users");
  return `${scim.status} ${await theatre.view(["/tenants", `/tenants/${SLUG}${list}`])}`;
}

/**
 * What goes through two databases goes through two transactions, and the second one may be missing. `unseen`: what the
 * first one leaves alone is nobody's (a digest without a credential admits nobody, a state without a line is served to
 * nobody, and a new attempt has names of its own). `in force`: it counts by itself, and the same request does the rest
 * (the settings before the name, the end of a tenant before the end of its line, which the job of the purge makes up for).
 * Beside it, where what the operation does is listed.
 */
const HALVES: readonly (readonly [id: string, half: "unseen" | "in force", list: string])[] = [
  ["createTenant", "unseen", ""],
  ["updateTenant", "in force", ""],
  ["deleteTenant", "in force", ""],
  ["issueToken", "unseen", "/tokens"],
  ["rotateToken", "unseen", "/tokens"],
  ["revokeToken", "unseen", "/tokens"],
  ["createClient", "unseen", "/clients"],
  ["addClientSecret", "unseen", "/clients"],
  ["deleteClientSecret", "unseen", "/clients"],
  ["deleteClient", "unseen", "/clients"],
  ["createAdminKey", "unseen", "/admin-keys"],
  ["createSetupLink", "unseen", "/setup-links"],
];

describe("a tenant outside of the control database", () => {
  it.each(HALVES)(
    "meets a fault in %s that leaves nothing, or a half that is %s and harmless",
    { timeout: 30_000 },
    async (id, half, list) => {
      const one = FAULT_TABLE[id];
      const status = OPERATIONS.find((operation) => operation.id === id)?.status;
      if (!one || status === undefined) throw new Error(`There is no operation ${id}.`);
      const before = await seen(list);
      const { trips, answer } = await theatre.play(one);
      expect([answer.status, answer.text]).toEqual([status, answer.text]);
      const once = await seen(list);
      await theatre.play(one);
      const twice = await seen(list);
      await theatre.reset();

      for (const [index, trip] of trips.entries()) {
        for (const fault of faultsOf(trip)) {
          const met = await theatre.play(one, index + 1, fault);
          const where = `${JSON.stringify(fault)} at round trip ${index + 1} of ${trips.join()}`;
          if (met.answer.status === 503) {
            expectUnavailable(met.answer);
            expect(isInvisible(fault), where).toBe(false);
            if (half === "unseen" && !isUnknowable(fault))
              expect(await seen(list), where).toBe(before);
            const again = await theatre.play(one);
            expect([status, one.again], where).toContain(again.answer.status);
            expect([once, twice], where).toContain(await seen(list));
          } else {
            expect(met.answer.status, where).toBe(status);
            expect(await seen(list), where).toBe(once);
          }
          await theatre.reset();
        }
      }
    },
  );
});
