import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";

import { admin, mintTenant, type MintedTenant } from "../mint-tenant.ts";
import { filterOf, patchOf, type Answer, type Json } from "../scim-client.ts";
import { rowsIn } from "../tenant-rows.ts";

const CORE = "urn:ietf:params:scim:schemas:core:2.0:User";
const VAULT = "urn:example:scim:Vault";
const CANARY = "canary-7f3a";
const VAULT_OF_ANA = { pin: `${CANARY}-b`, codes: [{ value: "1", secret: CANARY }], level: "low" };
const ALL_NAMES = `userName,password,${VAULT}:pin,${VAULT}:codes,${VAULT}:codes.secret`;

let tenant: MintedTenant;
let ana: string;
const answers: Answer[] = [];

async function keep(asked: Promise<Answer>): Promise<Answer> {
  const answer = await asked;
  answers.push(answer);
  return answer;
}

async function define(): Promise<void> {
  const { slug } = tenant;
  const path = `/tenants/${slug}`;
  const secret = { name: "secret", returned: "never" };
  const attributes = [
    { name: "pin", returned: "never" },
    { name: "level" },
    {
      name: "codes",
      type: "complex",
      multiValued: true,
      subAttributes: [{ name: "value" }, secret],
    },
  ];
  const schema = await admin("PUT", `${path}/schemas/${VAULT}`, { name: "Vault", attributes });
  const users = { endpoint: "/Users", schema: CORE, schemaExtensions: [{ schema: VAULT }] };
  const extended = await admin("PUT", `${path}/resource-types/User`, users);
  const own = { endpoint: "/Vaults", schema: VAULT };
  const vaults = await admin("PUT", `${path}/resource-types/Vault`, own);
  expect([schema.status, extended.status, vaults.status]).toEqual([200, 200, 200]);
}

beforeAll(async () => {
  tenant = await mintTenant();
  await define();
  const { scim } = tenant;
  const person = { userName: "ana", password: `${CANARY}-password`, [VAULT]: VAULT_OF_ANA };
  ana = (await keep(scim.post("/Users", person))).id;
  await keep(scim.post("/Users", { userName: "ben", [VAULT]: { pin: `${CANARY}-a` } }));
  await keep(scim.put(`/Users/${ana}?attributes=${ALL_NAMES}`, { ...person, title: "Nurse" }));
  const changes = [
    { op: "replace", path: "password", value: `${CANARY}-again` },
    { op: "replace", value: { password: `${CANARY}-again`, [VAULT]: { pin: `${CANARY}-c` } } },
    { op: "replace", path: `${VAULT}:pin`, value: `${CANARY}-b` },
    { op: "replace", path: `${VAULT}:codes[value eq "1"].secret`, value: `${CANARY}-new` },
  ];
  for (const change of changes) await keep(scim.patch(`/Users/${ana}`, patchOf(change)));
  const vault = await keep(scim.post("/Vaults", VAULT_OF_ANA));
  await keep(scim.patch(`/Vaults/${vault.id}`, patchOf({ op: "remove", path: "pin" })));
  const schemas = ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"];
  const data = { ...person, userName: "cleo" };
  const Operations = [{ method: "POST", path: "/Users", bulkId: "c", data }];
  await keep(scim.post("/Bulk", { schemas, Operations }));
  for (const path of [`/Users/${ana}`, "/Users", `/Vaults/${vault.id}`, "/Vaults"]) {
    await keep(scim.get(path));
    await keep(scim.get(`${path}?attributes=${ALL_NAMES},pin,codes`));
  }
  await keep(scim.post("/.search", { attributes: ALL_NAMES.split(",") }));
});

describe("what is never returned", { timeout: 30_000 }, () => {
  it("was stored, and is in no answer", async () => {
    expect(answers.map(({ status }) => status).filter((status) => status >= 400)).toEqual([]);
    expect(answers.filter(({ text }) => text.includes(CANARY))).toEqual([]);
    const { results } = await env.DB.prepare("SELECT resource FROM users").all();
    expect(JSON.stringify(results)).toContain(`${CANARY}-b`);
  });

  it("is not kept at all when it is a password", async () => {
    for (const table of ["users", "resources", "changes", "former_people"]) {
      const { results } = await env.DB.prepare(`SELECT * FROM ${table}`).all();
      expect(JSON.stringify(results)).not.toMatch(/canary-7f3a-(password|again)/);
    }
  });

  it("is told to nobody by the journal, which names it", async () => {
    const rows = await rowsIn("changes", tenant.key);
    const diffs = rows.flatMap(({ diff }) => JSON.parse(String(diff)) as Json[]);
    expect(diffs).toContainEqual({ attribute: `${VAULT}:pin`, cut: true });
    expect(diffs).toContainEqual({ attribute: "pin", cut: true });
    expect(diffs).toContainEqual({ attribute: `${VAULT}:level`, after: "low" });
    expect(JSON.stringify(rows)).not.toContain(CANARY);
  });

  it("is shown to no administrator", async () => {
    const path = `/tenants/${tenant.slug}`;
    const one = await admin("GET", `${path}/users/${ana}?attributes=true`);
    expect(one.text).toContain(`${VAULT}:level`);
    const shown = [
      one,
      await admin("GET", `${path}/users`),
      await admin("GET", `${path}/users/${ana}/history`),
      await admin("GET", `${path}/changes?since=2000-01-01`),
    ];
    for (const { status, text } of shown) {
      expect(status).toBe(200);
      expect(text).not.toContain(CANARY);
    }
  });

  it("is found by no filter and no order, by GET, by .search and from the root", async () => {
    const { scim } = tenant;
    const names = ["password", `${VAULT}:pin`, `${VAULT}:codes.secret`];
    for (const name of names) {
      for (const test of [`eq "${CANARY}-b"`, 'sw "c"', 'ge "a"', `ne "x"`, "pr"]) {
        const filter = `${name} ${test}`;
        for (const answer of [
          await scim.get(`/Users?${filterOf(filter)}`),
          await scim.get(`/Users?count=0&${filterOf(`userName eq "ana" and ${filter}`)}`),
          await scim.post("/Users/.search", { filter }),
          await scim.post("/.search", { filter }),
        ]) {
          expect([filter, answer.status, answer.body["scimType"]]).toEqual([
            filter,
            400,
            "invalidFilter",
          ]);
          expect(answer.text).not.toContain(CANARY);
        }
      }
      for (const answer of [
        await scim.get(`/Users?sortBy=${name}`),
        await scim.post("/Users/.search", { sortBy: name, sortOrder: "descending" }),
      ]) {
        expect([name, answer.status]).toEqual([name, 400]);
      }
    }
  });
});
