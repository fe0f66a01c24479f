import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";

import { hasBrowser } from "../launch-browser.ts";
import { useConsole } from "./use-console.ts";

const h1 = (page: Page) => page.getByRole("heading", { level: 1 }).textContent();
const secretOn = async (page: Page) =>
  (await page.locator(".notice dd code").last().textContent()) ?? "";
const statusOf = async (page: Page, path: string) => (await page.goto(path))?.status();

describe.skipIf(!hasBrowser())("credentials in the console", () => {
  const { visit, visitSignedIn, mintTenant, mintToken, scim, admin, letTimePass } = useConsole();

  it("rotates a token without a gap, says when the old one is not needed, and revokes it", async () => {
    const slug = await mintTenant();
    const old = await mintToken(slug);
    const page = await visitSignedIn();
    await page.goto(`/console/t/${slug}/tokens`);
    const row = page.locator("tbody tr", { hasText: `…${old.slice(-4)}` });
    await row.getByText("Not seen yet").waitFor();

    await row.locator("summary", { hasText: "Rotate" }).click();
    await row.getByLabel("The present token works").selectOption("for another 7 days");
    await row.getByRole("button", { name: "Create the successor" }).click();
    await page.getByRole("heading", { name: "The successor" }).waitFor();
    const successor = await secretOn(page);
    for (const token of [old, successor]) {
      // oxlint-disable-next-line no-await-in-loop -- the old one is used first
      await expect(scim(token, "GET", "/Users")).resolves.toMatchObject({ status: 200 });
    }

    const becomes = async (text: string) => {
      await expect
        .poll(
          async () => {
            await page.goto(`/console/t/${slug}/tokens`);
            return row.locator(".badge").textContent();
          },
          { timeout: 60_000 },
        )
        .toBe(text);
    };
    await becomes("In use");
    letTimePass(slug, 25 * 60);
    await becomes("Safe to revoke");
    await row.locator("summary", { hasText: "Revoke" }).click();
    await row.getByRole("button", { name: "Revoke" }).click();
    await page.getByText("The token is revoked, from the next request on.").waitFor();
    await expect(scim(old, "GET", "/Users")).resolves.toMatchObject({ status: 401 });
    await expect(scim(successor, "GET", "/Users")).resolves.toMatchObject({ status: 200 });
  });

  it("opens a set-up link with its button, once, to the connection and nothing else", async () => {
    const [slug, other] = await Promise.all([mintTenant(), mintTenant({ name: "Not theirs" })]);
    const operator = await visitSignedIn();
    await operator.goto(`/console/t/${slug}/setup-links`);
    await operator.getByRole("button", { name: "Create" }).click();
    const link = await secretOn(operator);

    // Mail scanners follow links and press nothing.
    for (const method of ["GET", "HEAD", "GET"]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other, as scanners do
      expect((await fetch(link, { method })).status).toBe(200);
    }
    const page = await visit();
    await page.goto(link);
    await expect(h1(page)).resolves.toBe("Set up provisioning");
    await page.getByRole("button", { name: "Begin" }).click();
    await page.waitForURL(`**/console/t/${slug}/connect`);

    await expect(page.locator("nav.main a").allTextContents()).resolves.toEqual([
      "Overview",
      "Connect",
      "Tokens",
      "Log",
    ]);
    await page.getByRole("link", { name: "Tokens" }).click();
    await page.getByLabel("Name").fill("Made by the customer");
    await page.getByRole("button", { name: "Create" }).click();
    const token = await secretOn(page);
    await expect(scim(token, "GET", "/Users")).resolves.toMatchObject({ status: 200 });
    for (const place of ["settings", "people", "departments", "admin-keys", "setup-links"]) {
      // oxlint-disable-next-line no-await-in-loop -- there is one page
      expect([place, await statusOf(page, `/console/t/${slug}/${place}`)]).toEqual([place, 403]);
    }
    expect(await statusOf(page, `/console/t/${other}/overview`)).toBe(404);
    expect(await page.content()).not.toContain("Not theirs");
    expect(await statusOf(page, "/console/tenants")).toBe(403);

    const second = await visit();
    expect(await statusOf(second, link)).toBe(404);
    await expect(h1(second)).resolves.toBe("This link does not work any more");
    expect(await statusOf(second, `/console/t/${slug}/connect`)).toBe(200);
    await expect(h1(second)).resolves.toBe("Sign in");
  });

  it("lets an administrator into their tenant, and nobody can tell which others there are", async () => {
    const [slug, other] = await Promise.all([mintTenant(), mintTenant({ name: "Not theirs" })]);
    const operator = await visitSignedIn();
    await operator.goto(`/console/t/${slug}/admin-keys`);
    await operator.getByLabel("Name").fill("Ada");
    await operator.getByRole("button", { name: "Create" }).click();
    const key = await secretOn(operator);

    const page = await visitSignedIn({ key });
    await page.waitForURL(`**/console/t/${slug}/overview`);
    expect(await page.getByRole("link", { name: "All tenants" }).count()).toBe(0);
    expect(await statusOf(page, "/console/tenants")).toBe(403);
    expect(await statusOf(page, "/console/deployment")).toBe(403);
    const answers = [];
    for (const foreign of [other, "no-such-tenant"]) {
      // oxlint-disable-next-line no-await-in-loop -- there is one page
      const status = await statusOf(page, `/console/t/${foreign}/overview`);
      // oxlint-disable-next-line no-await-in-loop -- there is one page
      const text = (await page.locator("body").textContent()) ?? "";
      answers.push({ status, text: text.replaceAll(foreign, "SLUG") });
    }
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]?.status).toBe(404);
    expect(answers[0]?.text).not.toContain("Not theirs");

    // Whoever is signed in with a key that is revoked is signed out.
    const keys = (await admin("GET", `/tenants/${slug}/admin-keys`)).body["items"];
    const [{ id } = { id: "" }] = keys as { id: string }[];
    await admin("DELETE", `/tenants/${slug}/admin-keys/${id}`);
    await page.goto(`/console/t/${slug}/overview`);
    await expect(h1(page)).resolves.toBe("Sign in");
  });

  it("is over with the sign-out, for whoever goes back too", async () => {
    const slug = await mintTenant({ name: "Behind the door" });
    const page = await visitSignedIn();
    await page.goto(`/console/t/${slug}/overview`);
    await expect(h1(page)).resolves.toBe("Behind the door");
    await page.getByRole("button", { name: "Sign out" }).click();
    await expect(h1(page)).resolves.toBe("Sign in");
    await page.goBack();
    await expect(h1(page)).resolves.toBe("Sign in");
    await page.goto(`/console/t/${slug}/overview`);
    await expect(h1(page)).resolves.toBe("Sign in");
  });
});
