import type { Backstage } from "../../test/browser/console/backstage.ts";

/** What the pictures are of. */
export interface Furnished {
  readonly slug: string;
  /** Somebody with a history. */
  readonly person: string;
}

const PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
const PEOPLE = ["--users", "200", "--groups", "10", "--no-stories"];
const BY_HAND = ["Ines Calder", "Tariq Boone", "Wilma Frost"];

/** A tenant as it is some days after it was connected: two cycles, a rotated token, work by hand, and refusals. */
export async function furnish(backstage: Backstage): Promise<Furnished> {
  const { admin, scim, mintToken, simulate } = backstage;
  const slug = await backstage.mintTenant({
    slug: "northside",
    name: "Northside Academy",
    organisation: "Northside",
  });
  const own = `/tenants/${slug}`;
  const first = await mintToken(slug, { name: "Entra ID" });
  await simulate(first, PEOPLE);
  const { body: tokens } = await admin("GET", `${own}/tokens`);
  const [{ id }] = tokens["items"] as [{ id: string }];
  const rotated = await admin("POST", `${own}/tokens/${id}/rotate`, { overlapHours: 168 });
  const token = String(rotated.body["token"]);
  await simulate(token, PEOPLE);

  const hired = await Promise.all(
    BY_HAND.map((displayName) => {
      const email = `${displayName.toLowerCase().replace(" ", ".")}@contractor.example.com`;
      return admin("POST", `${own}/users`, { email, displayName });
    }),
  );
  const made = await admin("POST", `${own}/departments`, { name: "First Aiders" });
  await admin("POST", `${own}/departments/${String(made.body["id"])}/members`, {
    add: hired.map(({ body }) => body["id"]),
  });

  const { body: found } = await scim(token, "GET", "/Users?count=3");
  const [ana, ben, cleo] = found["Resources"] as readonly {
    readonly id: string;
    readonly emails: readonly object[];
  }[];
  const change = (person: typeof ana, Operations: readonly object[]) =>
    scim(token, "PATCH", `/Users/${person?.id}`, { schemas: [PATCH], Operations });
  await change(ana, [{ op: "replace", path: "title", value: "Head of Year" }]);
  await change(ben, [{ op: "replace", path: "active", value: false }]);
  await change(cleo, [{ op: "replace", path: "name.familyName", value: "Lindgren" }]);
  await scim(token, "POST", "/Users", {
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
    userName: "second.account@entra.example.net",
    emails: ana?.emails,
  });
  await change(ana, [{ op: "replace", path: "displayName", value: "Nadia Okafor-Reed" }]);
  return { slug, person: ana?.id ?? "" };
}
