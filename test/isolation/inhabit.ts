import { THREE, type Place } from "../many-databases.ts";
import type { Json } from "../scim-client.ts";
import { keep, settle, type Inhabitant } from "./inhabitant.ts";

const BADGE = "urn:example:scim:schemas:Badge";

/** A tenant with something of every kind, each with its canary; names and addresses are the same in all of them. */
export async function inhabit(place: Place, fields: Json): Promise<Inhabitant> {
  const who = await settle(place, fields);
  const { canary, scim, operate } = who;
  for (const name of [0, 1, 2]) {
    const person = await scim.post("/Users", {
      userName: `name-${name}@example.com`,
      externalId: `external-${name}`,
      displayName: canary,
      title: canary,
      emails: [{ value: `mail-${name}@example.com`, type: "work" }],
    });
    keep(who, "person", person.id);
    const group = {
      displayName: `Group ${name}`,
      externalId: canary,
      members: [{ value: person.id }],
    };
    keep(who, "group", (await scim.post("/Groups", group)).id);
  }
  const attributes = [{ name: "number", type: "string", uniqueness: "server" }];
  const schema = { name: "Badge", description: canary, attributes };
  await operate("PUT", `/schemas/${BADGE}`, schema);
  const type = { endpoint: "/Badges", description: canary, schema: BADGE };
  await operate("PUT", "/resource-types/Badge", type);
  const badge = { schemas: [BADGE], number: canary, externalId: canary };
  keep(who, "badge", (await scim.post("/Badges", badge)).id);
  keep(who, "cursor", (await scim.get("/Users?count=1&cursor=")).body["nextCursor"]);
  keep(who, "adminCursor", (await operate("GET", "/users?limit=1")).body["nextCursor"]);
  keep(who, "department", (await operate("POST", "/departments", { name: canary })).id);
  keep(who, "token", (await operate("POST", "/tokens", { name: canary })).id);
  const key = { name: canary, role: "reader" };
  keep(who, "key", (await operate("POST", "/admin-keys", key)).id);
  keep(who, "client", (await operate("POST", "/clients", { name: canary })).body["clientId"]);
  keep(who, "link", (await operate("POST", "/setup-links", {})).id);
  keep(who, "alert", await raiseAlert(who));
  return who;
}

/** As the job does it, which would take hours. */
async function raiseAlert({ place, key, slug }: Inhabitant): Promise<string> {
  const id = crypto.randomUUID();
  await THREE[place]
    .prepare(
      `INSERT INTO alerts (tenant_key, id, kind, subject, detail, raised_at)
       VALUES (?, ?, 'silence', ?, '{}', '2026-11-22T00:00:00.000Z')`,
    )
    .bind(key, id, slug)
    .run();
  return id;
}
