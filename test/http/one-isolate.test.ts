import { env } from "cloudflare:workers";
import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";

import { admin, mintTenant, ORIGIN, type MintedTenant } from "../mint-tenant.ts";
import { callWorker } from "../call-worker.ts";
import { ENTERPRISE, filterOf, patchOf, type Answer } from "../scim-client.ts";

const TENANTS = 50;
const isShort = env.FUZZ_RUNS === "";
/** `npm run fuzz -- --tenants` asks 10,000 times. */
const ROUNDS = isShort ? 18 : 200;
const BADGE = "urn:example:scim:schemas:Badge";
const CANARY = /canary-of-minted-\d+-end/g;

interface Guest {
  readonly tenant: MintedTenant;
  readonly canary: string;
  /** The attribute of badges that this tenant alone has. */
  readonly attribute: string;
  readonly person: string;
  readonly department: boolean;
}

/** Tenants that all differ: in their people, their settings and in what a badge is. */
async function invite(at: number): Promise<Guest> {
  const department = at % 2 === 0;
  const tenant = await mintTenant({
    preset: at % 3 === 0 ? "training" : "generic",
    settings: { departmentAttribute: department ? "department" : "ignore" },
  });
  const canary = `canary-of-${tenant.slug}-end`;
  const attribute = `number${tenant.slug.replaceAll(/\D/g, "")}`;
  const attributes = [{ name: attribute, type: "string" }];
  const schema = { name: "Badge", description: canary, attributes };
  const type = { endpoint: "/Badges", description: canary, schema: BADGE };
  await admin("PUT", `/tenants/${tenant.slug}/schemas/${BADGE}`, schema);
  await admin("PUT", `/tenants/${tenant.slug}/resource-types/Badge`, type);
  const made = await tenant.scim.post("/Users", {
    userName: "ana@example.com",
    title: canary,
    [ENTERPRISE]: { department: "Retail" },
  });
  expect(made.status, made.text).toBe(201);
  return { tenant, canary, attribute, person: made.id, department };
}

/** Each of them has its tenant's canary in the answer, or in the URLs of it. */
const QUESTIONS: readonly ((guest: Guest) => Promise<Answer>)[] = [
  ({ tenant, person }) => tenant.scim.get(`/Users/${person}`),
  ({ tenant }) => tenant.scim.get(`/Users?${filterOf('userName eq "ana@example.com"')}`),
  ({ tenant }) => tenant.scim.get("/Users?sortBy=title&count=5"),
  ({ tenant }) => tenant.scim.get("/Schemas"),
  ({ tenant }) => tenant.scim.get("/ResourceTypes/Badge"),
  ({ tenant, person }) =>
    tenant.scim.patch(
      `/Users/${person}`,
      patchOf({ op: "replace", path: "nickName", value: "An" }),
    ),
  ({ tenant, attribute, canary }) =>
    tenant.scim.post("/Badges", { schemas: [BADGE], [attribute]: canary }),
  ({ tenant, person }) =>
    tenant
      .through(callWorker(), { base: `${ORIGIN}/api/v1/tenants/${tenant.slug}/scim/v2` })
      .get(`/Users/${person}`),
  ({ tenant, person }) => admin("GET", `/tenants/${tenant.slug}/users/${person}/history`),
];

describe("tenants that one isolate serves at the same time", () => {
  let guests: readonly Guest[] = [];
  beforeAll(async () => {
    guests = await Promise.all(Array.from({ length: TENANTS }, (_, at) => invite(at)));
  });

  it(
    "each get their own answers, schemas and settings",
    { timeout: isShort ? 60_000 : 0 },
    async () => {
      const [order = []] = fc.sample(
        fc.shuffledSubarray(
          guests.flatMap((guest) => Array.from({ length: ROUNDS }, (_, at) => ({ guest, at }))),
          { minLength: TENANTS * ROUNDS },
        ),
        { numRuns: 1, seed: 20_261_122 },
      );
      expect(order).toHaveLength(TENANTS * ROUNDS);
      for (let start = 0; start < order.length; start += TENANTS) {
        await Promise.all(
          order.slice(start, start + TENANTS).map(async ({ guest, at }) => {
            const answer = await QUESTIONS[at % QUESTIONS.length]?.(guest);
            expect(answer?.status, answer?.text).toBeLessThan(300);
            expect(new Set(answer?.text.match(CANARY))).toEqual(new Set([guest.canary]));
          }),
        );
      }
      for (const { tenant, department } of guests) {
        const list = await admin("GET", `/tenants/${tenant.slug}/departments`);
        expect(list.body["items"]).toHaveLength(department ? 1 : 0);
      }
    },
  );

  it("do not meet what is a badge elsewhere", async () => {
    const [one, other] = guests;
    if (!one || !other) throw new Error("No guests.");
    const badge = { schemas: [BADGE], [other.attribute]: "7", [one.attribute]: "8" };
    const made = await one.tenant.scim.post("/Badges", badge);
    expect(made.body).toMatchObject({ [one.attribute]: "8" });
    expect(made.body).not.toHaveProperty(other.attribute);
  });
});
