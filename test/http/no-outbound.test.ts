import { createScheduledController } from "cloudflare:test";
import { afterEach, describe, expect, it, vi } from "vitest";

import worker from "../../src/worker.ts";
import { callWorker, workerEnv } from "../call-worker.ts";
import { admin, mintTenant, ORIGIN } from "../mint-tenant.ts";
import { ENTERPRISE, patchOf } from "../scim-client.ts";

const EVIL = "https://attacker.example.net";
const TEAM = "acme.cloudflareaccess.com";

afterEach(() => {
  vi.restoreAllMocks();
});

function watchFetch() {
  return vi.spyOn(globalThis, "fetch").mockImplementation(() => {
    throw new Error("Nothing is fetched.");
  });
}

const segment = (value: object) =>
  btoa(JSON.stringify(value)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

/** An assertion that names its own keys, wherever a header of JOSE lets it. */
const assertion = () =>
  [
    segment({ alg: "RS256", kid: EVIL, jku: `${EVIL}/keys`, x5u: `${EVIL}/cert`, jwk: {} }),
    segment({ iss: EVIL, aud: "aud", exp: 4_000_000_000, email: "eve@example.net" }),
    "c2lnbmF0dXJl",
  ].join(".");

describe("the Worker", () => {
  it("asks no address that a request names, and none else, whatever is provisioned", async () => {
    const fetched = watchFetch();
    const tenant = await mintTenant({ preset: "training" });
    const { scim, slug } = tenant;
    const headers = { Origin: EVIL, Referer: EVIL, "X-Forwarded-Host": "attacker.example.net" };
    const person = {
      userName: "ana@example.com",
      profileUrl: `${EVIL}/profile`,
      photos: [{ value: `${EVIL}/photo.png`, type: "photo" }],
      [ENTERPRISE]: { manager: { value: "x", $ref: `${EVIL}/Users/x` } },
      schemas: [`${EVIL}/schema.json`],
      webhook: `${EVIL}/hook`,
    };
    const made = await scim.post("/Users", person, headers);
    const ref = { op: "add", path: "members", value: [{ value: made.id, $ref: EVIL }] };
    const group = await scim.post("/Groups", { displayName: "Staff" });
    const sent = [
      made,
      await scim.patch(`/Groups/${group.id}`, patchOf(ref)),
      await scim.put(`/Users/${made.id}`, person),
      await scim.get(`/Users/${made.id}`, headers),
      await scim.post("/.search", { filter: `profileUrl eq "${EVIL}/profile"` }),
      await admin("PATCH", `/tenants/${slug}`, { settings: { notifyEmail: "it@example.com" } }),
      await scim.delete(`/Users/${made.id}`),
    ];
    for (const { status } of sent) expect(status).toBeLessThan(300);
    await worker.scheduled(createScheduledController(), workerEnv());
    expect(fetched.mock.calls).toEqual([]);
  });

  it("fetches the keys of Cloudflare Access from the configured team, and from nowhere else", async () => {
    const fetched = watchFetch();
    const askWith = (overrides: Partial<Env>) =>
      callWorker(overrides)(
        new Request(`${ORIGIN}/api/v1/admin/tenants`, {
          headers: { "Cf-Access-Jwt-Assertion": assertion() },
        }),
      );
    expect((await askWith({})).status).toBe(401);
    expect(fetched.mock.calls).toEqual([]);
    const configured = { ACCESS_TEAM_DOMAIN: TEAM, ACCESS_AUD: "aud" };
    expect((await askWith(configured)).status).toBe(401);
    expect(fetched.mock.calls.map(([url]) => new Request(url).url)).toEqual([
      `https://${TEAM}/cdn-cgi/access/certs`,
    ]);
  });
});
