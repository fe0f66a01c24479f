import { DEMO_PEOPLE } from "../simulate/people.ts";

export const DEMO_SLUG = "demo";

const DEMO_TENANT = {
  slug: DEMO_SLUG,
  name: "Demo",
  preset: "training",
  // The preset gives out tokens only where single sign-on is active.
  // A simulated cycle deactivates and deletes more people than a careful tenant allows within an hour.
  settings: { ssoActive: true, deactivationGuard: null },
};

/**
 * Makes the tenant `demo` when the database is new, with three people enrolled by hand: an identity
 * provider finds them and adopts them. Throws a sentence when the admin API answers anything unexpected.
 */
export async function seedDemo(url: string, adminToken: string): Promise<"seeded" | "present"> {
  const call = async (
    method: string,
    path: string,
    body?: object,
  ): Promise<{ status: number; text: string }> => {
    const response = await fetch(`${url}/api/v1/admin${path}`, {
      method,
      headers: { authorization: `Bearer ${adminToken}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    return { status: response.status, text: await response.text() };
  };
  const create = async (path: string, body: object): Promise<number> => {
    const { status, text } = await call("POST", path, body);
    if (status !== 201 && status !== 409)
      throw new Error(`POST ${path} answered ${status}: ${text.slice(0, 500)}`);
    return status;
  };

  const found = await call("GET", `/tenants/${DEMO_SLUG}`);
  if (found.status === 200) return "present";
  if (found.status !== 404) {
    throw new Error(
      `GET /tenants/${DEMO_SLUG} answered ${found.status}: ${found.text.slice(0, 500)}`,
    );
  }
  if ((await create("/tenants", DEMO_TENANT)) === 409) return "present";
  for (const person of DEMO_PEOPLE) {
    // oxlint-disable-next-line no-await-in-loop -- in their order, so that lists look the same everywhere
    await create(`/tenants/${DEMO_SLUG}/users`, person);
  }
  return "seeded";
}
