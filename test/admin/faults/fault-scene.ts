import { env } from "cloudflare:workers";

import { admin, mintTenant, type MintedTenant } from "../../mint-tenant.ts";
import { ENTERPRISE, patchOf, type Answer, type Json } from "../../scim-client.ts";

export const BADGE = "urn:example:scim:schemas:Badge";
export const SPARE = "urn:example:scim:schemas:Spare";

/** A tenant with something of everything that an operation can be about. */
export interface Scene {
  readonly tenant: MintedTenant;
  readonly slug: string;
  /** People: enrolled by hand, provisioned, adopted, deleted, deactivated by the identity provider. */
  readonly manual: string;
  readonly managed: string;
  readonly adopted: string;
  readonly former: string;
  readonly inactive: string;
  /** Invitations, by the person. */
  readonly queued: string;
  readonly sent: string;
  readonly group: string;
  /** Departments: two by hand, one of them with somebody in it, and one that nothing refers to. */
  readonly north: string;
  readonly south: string;
  readonly orphan: string;
  readonly alert: string;
  readonly client: string;
  readonly clientSecret: string;
  readonly adminKey: string;
  readonly setupLink: string;
}

const SETTINGS: Json = { invitations: "manual", deactivationGuard: null };

/** The same in each test file that calls it: its dump is put back after every play. */
export async function makeScene(transport?: Parameters<typeof admin>[3]): Promise<Scene> {
  const tenant = await mintTenant({ preset: "training", settings: SETTINGS });
  const { slug, key, scim } = tenant;
  const below = `/tenants/${slug}`;
  const act = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const answer = await admin(method, `${below}${path}`, body, transport);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.text}`);
    return answer;
  };
  await admin("PATCH", below, { organisation: "Acme" });

  const enrol = (name: string, fields: Json = {}) =>
    act("POST", "/users", { email: `${name}@example.com`, ...fields });
  const provision = (name: string, department: string, fields: Json = {}) =>
    scim.post("/Users", {
      ...fields,
      userName: `${name}@example.com`,
      displayName: name,
      [ENTERPRISE]: { department },
    });
  const manual = await enrol("mia", { department: "Kitchen", displayName: "Mia" });
  const adopted = await enrol("ada", { department: "Kitchen" });
  const sent = await enrol("sam");
  const managed = await provision("ana", "Retail");
  const former = await provision("fay", "Retail");
  const inactive = await provision("ina", "Retail", { active: false });
  const mover = await provision("mo", "Attic");
  await scim.patch(
    `/Users/${adopted.id}`,
    patchOf({ op: "replace", path: "title", value: "Nurse" }),
  );
  await scim.patch(
    `/Users/${mover.id}`,
    patchOf({ op: "replace", path: `${ENTERPRISE}:department`, value: "Retail" }),
  );
  await scim.delete(`/Users/${former.id}`);
  const group = await scim.post("/Groups", {
    displayName: "Staff",
    members: [{ value: managed.id }, { value: manual.id }],
  });

  const north = await act("POST", "/departments", { name: "North" });
  const south = await act("POST", "/departments", { name: "South" });
  await act("POST", `/departments/${south.id}/members`, { add: [managed.id] });
  await admin("POST", "/reconciliations", { tenant: slug }, transport);
  const { body } = await act("GET", "/departments?orphaned=true");
  const [orphan] = body["items"] as { id: string }[];

  await act("POST", "/invitations", { userIds: [managed.id, sent.id] });
  await act("PUT", `/schemas/${BADGE}`, schemaOf("Badge"));
  await act("PUT", `/schemas/${SPARE}`, schemaOf("Spare"));
  await act("PUT", "/resource-types/Badge", { endpoint: "/Badges", schema: BADGE });
  const client = await act("POST", "/clients", { name: "Okta" });
  const [secret] = client.body["secrets"] as { id: string }[];
  const adminKey = await act("POST", "/admin-keys", { name: "Ops", role: "admin" });
  const setupLink = await act("POST", "/setup-links", {});
  const alert = "01900000-0000-7000-8000-000000000001";
  await env.DB.batch(
    [
      "UPDATE invitations SET state = 'sent', sent_at = '2026-01-01T00:00:00.000Z' WHERE tenant_key = ?1 AND user_id = ?2",
      `INSERT INTO alerts (tenant_key, id, kind, subject, detail, raised_at)
        SELECT ?1, '${alert}', 'guard', '', 'Stopped.', '2026-01-01T00:00:00.000Z' WHERE ?2 <> ''`,
      `INSERT INTO deactivation_windows (tenant_key, started_at, active_at_start, people, tripped_at)
        SELECT ?1, '2026-01-01T00:00:00.000Z', 4, 4, '2026-01-01T00:00:00.000Z' WHERE ?2 <> ''`,
      // What one reconciliation marks, the next one may retire.
      "UPDATE departments SET orphaned_at = '2026-01-01T00:00:00.000Z' WHERE tenant_key = ?1 AND orphaned_at IS NOT NULL AND ?2 <> ''",
    ].map((sql) => env.DB.prepare(sql).bind(key, sent.id)),
  );
  return {
    tenant,
    slug,
    manual: manual.id,
    managed: managed.id,
    adopted: adopted.id,
    former: former.id,
    inactive: inactive.id,
    queued: managed.id,
    sent: sent.id,
    group: group.id,
    north: north.id,
    south: south.id,
    orphan: orphan?.id ?? "none",
    alert,
    client: String(client.body["clientId"]),
    clientSecret: secret?.id ?? "none",
    adminKey: adminKey.id,
    setupLink: setupLink.id,
  };
}

export const schemaOf = (name: string): Json => ({
  name,
  description: `A ${name}.`,
  attributes: [{ name: "label", type: "string" }],
});
