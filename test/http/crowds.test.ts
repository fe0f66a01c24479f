import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { findViolations } from "../../tools/torture/invariants.ts";
import { seededRandom } from "../../tools/torture/seeded-random.ts";
import { callWorker } from "../call-worker.ts";
import { admin, issueToken, mintTenant, type MintedTenant } from "../mint-tenant.ts";
import { ENTERPRISE, patchOf, type Answer, type Json, type ScimClient } from "../scim-client.ts";
import { rowsIn } from "../tenant-rows.ts";

const times = <Value>(count: number, make: (at: number) => Value): Value[] =>
  Array.from({ length: count }, (_, at) => make(at));

const tally = (answers: readonly Answer[]): Record<number, number> => {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
};

/** A write that others overtook eight times gives up with a 503, and nothing of it happened; there is no other 5xx. */
function expectNoFault(answers: readonly Answer[]): void {
  for (const { status, text, headers } of answers) {
    if (status >= 500) expect([status, text]).toEqual([503, text]);
    if (status === 503) expect(headers.get("Retry-After")).toMatch(/^[1-9]\d*$/);
  }
}

async function expectSound(tenant: MintedTenant): Promise<void> {
  expect(await findViolations(env.DB, tenant.key)).toEqual([]);
}

const training = (settings: Json = {}) =>
  mintTenant({ preset: "training", settings: { deactivationGuard: null, ...settings } });

describe("a crowd of requests", () => {
  it("adopts somebody who was enrolled once, and what was entered by hand is not lost", async () => {
    const tenant = await training();
    const path = `/tenants/${tenant.slug}/users`;
    const enrolled = await admin("POST", path, { email: "mia@example.com", displayName: "Mia" });
    const answers = await Promise.all([
      ...times(20, (at) =>
        tenant.scim.post("/Users", { userName: "mia@example.com", title: `Title ${at}` }),
      ),
      admin("POST", `${path}/${enrolled.id}/adopt`),
    ]);
    expectNoFault(answers);
    expect(answers.filter(({ status }) => status < 300)).toHaveLength(1);
    const adoptions = (await rowsIn("changes", tenant.key)).filter(
      (change) => change["operation"] === "adopt" && change["outcome"] === "applied",
    );
    expect(adoptions).toHaveLength(1);
    expect(await rowsIn("users", tenant.key)).toMatchObject([{ origin: "scim", version: 2 }]);
    const undone = await admin("POST", `${path}/${enrolled.id}/unadopt`);
    expect(undone.body).toMatchObject({ displayName: "Mia", origin: "manual" });
    await expectSound(tenant);
  });

  it("makes one department of one name, by groups, attributes and a hand", async () => {
    const tenant = await training();
    const answers = await Promise.all([
      ...times(15, (at) =>
        tenant.scim.post("/Users", {
          userName: `person-${at}`,
          [ENTERPRISE]: { department: at % 2 === 0 ? "Retail" : "RETAIL " },
        }),
      ),
      ...times(10, () => tenant.scim.post("/Groups", { displayName: "retail" })),
      ...times(5, () => admin("POST", `/tenants/${tenant.slug}/departments`, { name: "Retail" })),
    ]);
    expectNoFault(answers);
    expect(answers.slice(0, 15).every(({ status }) => status === 201)).toBe(true);
    expect(tally(answers.slice(15, 25))).toEqual({ 201: 1, 409: 9 });
    expect(await rowsIn("departments", tenant.key)).toHaveLength(1);
    await expectSound(tenant);
  });

  it("changes attributes of one person, each its own, and loses none", async () => {
    const tenant = await training();
    const { id } = await tenant.scim.post("/Users", { userName: "ana" });
    const attributes = ["title", "nickName", "displayName", "locale", "timezone", "userType"];
    const send = (attribute: string, at: number) =>
      tenant.scim.patch(
        `/Users/${id}`,
        patchOf({ op: "replace", path: attribute, value: `${attribute}-${at}` }),
      );
    const answers = await Promise.all(
      attributes.flatMap((name) => times(3, (at) => send(name, at))),
    );
    expectNoFault(answers);
    const { body } = await tenant.scim.get(`/Users/${id}`);
    for (const [index, name] of attributes.entries()) {
      const confirmed = answers
        .slice(index * 3, index * 3 + 3)
        .flatMap(({ status }, at) => (status === 200 ? [`${name}-${at}`] : []));
      if (confirmed.length > 0) expect(confirmed).toContain(body[name]);
      else expect(body[name]).toBeUndefined();
    }
    const applied = answers.filter(({ status }) => status === 200).length;
    expect(body["meta"]).toMatchObject({ version: `W/"${1 + applied}"` });
    await expectSound(tenant);
  });

  it("of administrators changes settings, each its own, and loses none", async () => {
    const tenant = await mintTenant();
    const changes: [string, unknown][] = [
      ["unknownMembers", "reject"],
      ["logRetentionDays", 30],
      ["invitations", "manual"],
      ["invitationDelayMinutes", 20],
      ["ignoredGroups", ["Everyone"]],
      ["excludedEmails", ["boss@example.com"]],
      ["notifyEmail", "it@example.com"],
      ["departmentsPerUser", "one"],
    ];
    const answers = await Promise.all(
      changes.map(([name, value]) =>
        admin("PATCH", `/tenants/${tenant.slug}`, { settings: { [name]: value } }),
      ),
    );
    expectNoFault(answers);
    const { body } = await admin("GET", `/tenants/${tenant.slug}`);
    const confirmed = changes.filter((_, at) => answers[at]?.status === 200);
    expect(body["settings"]).toMatchObject(Object.fromEntries(confirmed));
    expect(confirmed.length).toBeGreaterThan(3);
    const rows = await rowsIn("changes", tenant.key);
    expect(rows.filter((row) => row["operation"] === "settings")).toHaveLength(confirmed.length);
  });

  it("has no write behind the revocation of its token", async () => {
    const tenant = await training();
    const { id, token } = await issueToken(tenant.slug);
    const scim = tenant.through(callWorker(), { token });
    let isRevoked = false;
    const late: number[] = [];
    const write = async (at: number): Promise<Answer> => {
      const isLate = isRevoked;
      const answer = await scim.post("/Users", { userName: `person-${at}` });
      if (isLate) late.push(answer.status);
      return answer;
    };
    const chains = times(6, async (chain) => {
      const answers: Answer[] = [];
      for (let at = 0; at < 6; at++) answers.push(await write(chain * 10 + at));
      return answers;
    });
    const revocation = admin("DELETE", `/tenants/${tenant.slug}/tokens/${id}`).then((answer) => {
      isRevoked = true;
      return answer;
    });
    const [answers, revoked] = await Promise.all([Promise.all(chains), revocation]);
    expect(revoked.status).toBe(204);
    expectNoFault(answers.flat());
    const { 201: made = 0, 401: refused = 0 } = tally(answers.flat());
    expect(made + refused).toBe(36);
    expect(late.length).toBeGreaterThan(0);
    expect(new Set(late)).toEqual(new Set([401]));
    expect(await rowsIn("users", tenant.key)).toHaveLength(made);
    await expectSound(tenant);
  });
});

describe("a crowd that does everything to everybody", () => {
  /** What one of the crowd does next; ids of what is gone stay in the lists. */
  const anyRequest = (
    scim: ScimClient,
    tenant: MintedTenant,
    people: string[],
    groups: string[],
  ) => {
    const below = `/tenants/${tenant.slug}`;
    return (random: ReturnType<typeof seededRandom>): Promise<Answer> => {
      const person = random.pick(people) ?? "none";
      const other = random.pick(people) ?? "none";
      const group = random.pick(groups) ?? "none";
      const name = `name-${random.below(5)}@example.com`;
      const department = `Department ${random.below(3)}`;
      const making = async (sent: Promise<Answer>, list: string[]) => {
        const answer = await sent;
        if (answer.status === 201) list.push(answer.id);
        return answer;
      };
      const requests: (() => Promise<Answer>)[] = [
        () => making(scim.post("/Users", { userName: name, [ENTERPRISE]: { department } }), people),
        () => making(admin("POST", `${below}/users`, { email: name, department }), people),
        () => scim.put(`/Users/${person}`, { userName: name, [ENTERPRISE]: { department } }),
        () =>
          scim.patch(
            `/Users/${person}`,
            patchOf({ op: "replace", path: "active", value: random.chance(60) }),
          ),
        () =>
          scim.patch(
            `/Users/${person}`,
            patchOf({ op: "replace", path: `${ENTERPRISE}:department`, value: department }),
          ),
        () => scim.delete(`/Users/${person}`),
        () => admin("PATCH", `${below}/users/${person}`, { active: random.chance(50) }),
        () => admin("POST", `${below}/users/${person}/adopt`),
        () => admin("POST", `${below}/users/${person}/unadopt`),
        () => making(scim.post("/Groups", { displayName: department }), groups),
        () =>
          scim.patch(
            `/Groups/${group}`,
            patchOf({ op: "add", path: "members", value: [{ value: person }, { value: other }] }),
          ),
        () =>
          scim.patch(
            `/Groups/${group}`,
            patchOf({ op: "remove", path: `members[value eq "${person}"]` }),
          ),
        () =>
          scim.put(`/Groups/${group}`, { displayName: department, members: [{ value: person }] }),
        () => scim.delete(`/Groups/${group}`),
      ];
      return (random.pick(requests) ?? (() => scim.get("/Users")))();
    };
  };

  it.each([1, 2, 3])(
    "leaves a directory that is sound (seed %i)",
    { timeout: 60_000 },
    async (seed) => {
      const tenant = await training();
      const next = anyRequest(tenant.scim, tenant, [], []);
      const answers = await Promise.all(
        times(12, async (at) => {
          const random = seededRandom(seed * 1000 + at);
          const own: Answer[] = [];
          for (let turn = 0; turn < 15; turn++) own.push(await next(random));
          return own;
        }),
      );
      expectNoFault(answers.flat());
      expect(answers.flat().filter(({ status }) => status < 300).length).toBeGreaterThan(40);
      await expectSound(tenant);
    },
  );
});
