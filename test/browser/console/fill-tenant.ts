import type { Backstage } from "./backstage.ts";

/** A tenant that has something of everything, and where it is. */
export interface FilledTenant {
  readonly slug: string;
  readonly token: string;
  readonly person: string;
  readonly byHand: string;
  readonly deleted: string;
  readonly group: string;
  readonly department: string;
  readonly orphaned: string;
}

const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/** Makes it; `called` gives each thing in it its name, where people may choose names. */
export async function fillTenant(
  { admin, mintTenant, mintToken, provision, scim, letTimePass }: Backstage,
  called: (what: string) => string,
): Promise<FilledTenant> {
  const slug = await mintTenant({
    name: called("tenant"),
    organisation: called("organisation"),
    settings: {
      ssoActive: true,
      invitations: "manual",
      ignoredGroups: [called("ignored group")],
      // The second one trips it.
      deactivationGuard: { percent: 1, people: 1, windowMinutes: 60 },
    },
  });
  const own = `/tenants/${slug}`;
  const token = await mintToken(slug, { name: called("token") });
  await mintToken(slug, { name: called("unused token"), expiresAt: inDays(5) });
  await done(admin("POST", `${own}/clients`, { name: called("client"), scopes: ["users:read"] }));
  await done(admin("POST", `${own}/admin-keys`, { name: called("key"), role: "reader" }));
  await done(admin("POST", `${own}/setup-links`, { expiresInHours: 1 }));

  const person = (name: string, department: string) => ({
    userName: `${name}@example.com`,
    externalId: called(`external id of ${name}`),
    displayName: called(name),
    name: { givenName: called(`given name of ${name}`) },
    title: called(`title of ${name}`),
    profileUrl: "javascript:alert(document.domain)",
    emails: [{ value: `${name}@example.com`, type: "work", primary: true }],
    [ENTERPRISE]: { department: called(department) },
  });
  const ana = await provision(token, "Users", person("ana", "department of the attribute"));
  const bo = await provision(token, "Users", person("bo", "department of the attribute"));
  const cy = await provision(token, "Users", person("cy", "department that goes"));
  const members = [ana, bo].map((value) => ({ value }));
  const displayName = called("group");
  const group = await provision(token, "Groups", { displayName, members });
  // Refused, with a reason that quotes what was sent.
  await scim(token, "POST", "/Users", { ...person("ana", "department"), userName: called("ana") });
  await scim(token, "GET", `/Users?filter=${encodeURIComponent(`userName eq "${called("x")}`)}`);
  // The guard counts nobody who came today.
  letTimePass(slug, 25 * 60);
  await done(scim(token, "DELETE", `/Users/${cy}`));
  await scim(token, "PATCH", `/Users/${bo}`, {
    schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
    Operations: [{ op: "replace", path: "active", value: false }],
  });

  const byHand = await done(
    admin("POST", `${own}/users`, {
      email: "dora@example.com",
      displayName: called("dora"),
      department: called("department of dora"),
    }),
  );
  const department = await done(
    admin("POST", `${own}/departments`, { name: called("department by hand") }),
  );
  await done(admin("POST", `${own}/departments/${department}/members`, { add: [byHand] }));
  await done(admin("POST", `${own}/invitations`, { userIds: [ana, byHand] }));
  await done(admin("POST", "/reconciliations", { tenant: slug }));
  const orphaned = await firstOf(admin("GET", `${own}/departments?orphaned=true`));
  await firstOf(admin("GET", `${own}/alerts?open=true`));
  return { slug, token, person: ana, byHand, deleted: cy, group, department, orphaned };
}

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

async function firstOf(list: ReturnType<Backstage["admin"]>): Promise<string> {
  const items = (await list).body["items"] as readonly { readonly id: string }[];
  if (items[0] === undefined) throw new Error("The tenant is not filled as the pages need it.");
  return items[0].id;
}

async function done(answer: ReturnType<Backstage["admin"]>): Promise<string> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`${status}: ${JSON.stringify(body)}`);
  return String(body["id"]);
}
