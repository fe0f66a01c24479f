import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { callWorker } from "../../call-worker.ts";
import { admin, mintTenant } from "../../mint-tenant.ts";
import type { Json } from "../../scim-client.ts";
import { signedInClient } from "./console-client.ts";

async function open(settings: Json = { invitations: "manual" }) {
  const { slug, key, scim } = await mintTenant({ preset: "phishing", settings });
  const client = await signedInClient();
  const path = `/console/t/${slug}/invitations`;
  return {
    client,
    path,
    key,
    person: async (userName: string, active = true) =>
      (await scim.post("/Users", { userName, active })).id,
    invite: (...userIds: string[]) => admin("POST", `/tenants/${slug}/invitations`, { userIds }),
    states: async () => {
      const { body } = await admin("GET", `/tenants/${slug}/invitations`);
      return (body["items"] as Json[]).map(({ state }) => state);
    },
  };
}

describe("the page of invitations", () => {
  it("says how the tenant invites, and that nothing is sent without mail", async () => {
    const { client, path } = await open();
    const { text } = await client.get(path);
    expect(text).toContain("Nobody is invited automatically");
    expect(text).toContain("This deployment sends no mail");
    expect(text).toContain("Nobody has been invited yet.");
    const mail = { EMAIL: { send: () => Promise.resolve() }, MAIL_FROM: "noreply@example.com" };
    const withMail = await signedInClient(undefined, callWorker(mail as unknown as Partial<Env>));
    expect((await withMail.get(path)).text).not.toContain("sends no mail");
    const delayed = await open({ invitations: "on-create", invitationDelayMinutes: 7 });
    expect((await client.get(delayed.path)).text).toContain("invited 7 minutes after");
    const off = await open({ invitations: "off" });
    const page = await client.get(off.path);
    expect(page.text).toContain("Invitations are switched off");
    expect(page.html).not.toContain("/invite");
  });

  it("cancels, sends again and marks as accepted, and stays on what is filtered", async () => {
    const { client, path, person, invite, states } = await open();
    const id = await person("ann@example.com");
    await invite(id);
    const cancelled = await client.post(`${path}?state=queued`, { does: "cancel", id });
    expect(cancelled).toMatchObject({
      status: 303,
      location: `${path}?state=queued&done=cancelled`,
    });
    const listed = await client.get(cancelled.location ?? "");
    expect(listed.text).toContain("The invitation is cancelled.");
    expect(listed.text).toContain("No invitation is in this state.");
    expect(await states()).toEqual(["cancelled"]);
    expect((await client.post(path, { does: "resend", id })).location).toContain("done=resent");
    expect(await states()).toEqual(["queued"]);
    expect((await client.get(`${path}?state=queued`)).text).toContain("ann@example.com Queued due");
    expect((await client.post(path, { does: "accept", id })).location).toContain("done=accepted");
    const again = await client.post(path, { does: "resend", id });
    expect(again.status).toBe(409);
    expect(again.text).toContain("has accepted");
    expect(again.html).not.toContain('value="resend"');
    expect((await client.post(path, { does: "cancel", id: "nobody" })).status).toBe(404);
    expect((await client.get(`${path}?state=nonsense`)).status).toBe(422);
  });

  it("tells errors in words", async () => {
    const { client, path, key, person, invite } = await open();
    const [a, b] = [await person("ann@example.com"), await person("bob@example.com")];
    await invite(a, b);
    const fail = (id: string, error: string) =>
      env.DB.prepare(
        "UPDATE invitations SET state = 'failed', attempts = 5, last_error = ? WHERE tenant_key = ? AND user_id = ?",
      ).bind(error, key, id);
    await env.DB.batch([fail(a, "E_RECIPIENT_SUPPRESSED"), fail(b, "E_<b>NEW")]);
    const { text } = await client.get(`${path}?state=failed`);
    expect(text).toContain("Could not be sent (attempts: 5) Mail to this address bounced before");
    expect(text).toContain("The mail service refused it (E_<b>NEW).");
  });

  it("goes on with another page of the same state", async () => {
    const { client, path, person, invite } = await open();
    const people: string[] = [];
    for (let at = 0; at < 51; at++) people.push(await person(`p${at}x@example.com`));
    await invite(...people);
    const first = await client.get(`${path}?state=queued`);
    expect(first.text).not.toContain("p50x");
    const next = /\?state=queued&amp;cursor=[^"]+/.exec(first.html)?.[0] ?? "";
    expect((await client.get(path + next.replace("&amp;", "&"))).text).toContain("p50x");
  });
});

describe("the page that invites people", () => {
  it("invites those who are ticked and says who was passed over", async () => {
    const { client, path, person, states } = await open();
    const [ann, bob] = [await person("ann@example.com"), await person("bob@example.com")];
    const gone = await person("gone@example.com", false);
    const page = await client.get(`${path}/invite`);
    expect(page.text).toContain("bob@example.com");
    expect(page.text).not.toContain("gone@example.com");
    const invited = await client.post(`${path}/invite`, { does: "chosen", id: [ann, gone] });
    expect(invited.status).toBe(200);
    expect(invited.text).toContain("1 person invited");
    expect(invited.text).toContain("Not invited: 1 inactive.");
    const all = { does: "chosen", all: "yes", shown: [ann, bob] };
    const rest = await client.post(`${path}/invite`, all);
    expect(rest.text).toContain("Not invited: 1 queued already.");
    expect(await states()).toEqual(["queued", "queued"]);
    expect((await client.post(`${path}/invite`, { does: "chosen" })).text).toContain(
      "Tick somebody first.",
    );
  });

  it("is refused while invitations are off", async () => {
    const { client, path, person } = await open({ invitations: "off" });
    const id = await person("ann@example.com");
    const refused = await client.post(`${path}/invite`, { does: "chosen", id });
    expect(refused.status).toBe(409);
    expect(refused.text).toContain("Invitations are switched off for this tenant.");
  });
});
