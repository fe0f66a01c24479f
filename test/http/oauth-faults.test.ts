import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";

import { faultsOf, isInvisible } from "../admin/faults/fault-kinds.ts";
import { faulty, impatient, type Fault, type Patience } from "../admin/faults/faulty-databases.ts";
import { withoutWaiting } from "../admin/faults/theatre.ts";
import { callWorker } from "../call-worker.ts";
import { admin, mintTenant, ORIGIN, type MintedTenant } from "../mint-tenant.ts";
import { readAnswer } from "../scim-client.ts";

let tenant: MintedTenant;
let form: URLSearchParams;
let resume: () => void;
beforeAll(async () => {
  tenant = await mintTenant();
  const { body } = await admin("POST", `/tenants/${tenant.slug}/clients`, { name: "Okta" });
  form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: String(body["clientId"]),
    client_secret: String(body["clientSecret"]),
  });
});
beforeEach(() => {
  resume = withoutWaiting();
});
afterEach(() => resume());

/** Asks for an access token, with a round trip that meets the fault. */
async function ask(at = 0, fault?: Fault) {
  const patience: Patience = { isOver: false };
  vi.stubGlobal("setTimeout", impatient(patience));
  const { databases, trips } = faulty([env.DB], at, fault, patience);
  const [DB = env.DB] = databases;
  const request = new Request(`${ORIGIN}/api/v1/oauth/token`, { method: "POST", body: form });
  return { answer: await readAnswer(await callWorker({ DB })(request)), trips };
}

async function accessTokens(): Promise<number> {
  const count = "SELECT count(*) AS n FROM credentials WHERE tenant_key = ? AND kind = 'access'";
  return (await env.DB.prepare(count).bind(tenant.key).first<number>("n")) ?? 0;
}

describe("the token endpoint", () => {
  it("gives a token that works, or says 503 and never that the client is not known, at any fault", async () => {
    // The first use of a secret is noted, and not each of them.
    await ask();
    const { trips } = await ask();
    for (const [index, trip] of trips.entries()) {
      for (const fault of faultsOf(trip)) {
        const before = await accessTokens();
        const { answer } = await ask(index + 1, fault);
        const where = `${JSON.stringify(fault)} at round trip ${index + 1} of ${trips.join()}`;
        // One that was made and never handed out is known to nobody, and gone within the hour.
        expect((await accessTokens()) - before, where).toBeLessThanOrEqual(1);
        if (answer.status === 503) {
          expect(isInvisible(fault), where).toBe(false);
          expect(answer.headers.get("Retry-After")).toMatch(/^[1-9]\d*$/);
          expect(answer.body).toMatchObject({ error: "temporarily_unavailable" });
          continue;
        }
        expect([where, answer.status]).toEqual([where, 200]);
        const scim = tenant.through(callWorker(), { token: String(answer.body["access_token"]) });
        expect([where, (await scim.get("/Users")).status]).toEqual([where, 200]);
        expect((await accessTokens()) - before, where).toBe(1);
      }
    }
  });
});
