import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";

import { hasBrowser } from "../launch-browser.ts";
import { signIn, useConsole } from "./use-console.ts";

const PEOPLE = ["--users", "6", "--groups", "2", "--no-stories"];
const CLIPBOARD = ["clipboard-read", "clipboard-write"];

const heading = (page: Page) => page.getByRole("heading", { level: 1 });
const state = (page: Page) => page.locator(".badge").first();

describe.skipIf(!hasBrowser())("connecting an identity provider", () => {
  const { visit, adminToken, url, scim, simulate, newSlug, ...backstage } = useConsole();

  it("goes from the operator's key to the first people in the log", async () => {
    const page = await visit({ permissions: CLIPBOARD });
    const slug = newSlug();
    const clipboard = () => page.evaluate("navigator.clipboard.readText()");

    await page.goto("/console");
    await signIn(page, "not-the-key");
    await page.getByText("That is no key of this console").waitFor();
    await signIn(page, adminToken);
    await expect(heading(page).textContent()).resolves.toBe("Tenants");

    await page.getByLabel("Name", { exact: true }).fill("Harbour School");
    await page.getByLabel("Slug", { exact: true }).fill(slug);
    await page.getByLabel("Preset").selectOption("phishing");
    await page.getByRole("button", { name: "Create" }).click();
    await page.waitForURL(`**/console/t/${slug}/connect`);

    await page.getByRole("link", { name: /^Microsoft Entra ID/ }).click();
    const address = page.locator("dl.facts dd").first();
    await address.getByRole("button", { name: "Copy" }).click();
    await address.getByText("Copied").first().waitFor();
    const tenantUrl = `${url}/api/v1/tenants/${slug}/scim/v2`;
    await expect(clipboard()).resolves.toBe(tenantUrl);
    // The guide itself, with this tenant's values.
    await page.getByRole("heading", { name: /Attribute mapping/ }).waitFor();
    expect(await page.locator("main").textContent()).not.toContain("{{");

    // The preset asks for single sign-on first, and the page says so.
    await page.getByRole("link", { name: "Tokens" }).click();
    await page.getByText("requires single sign-on, and it is not active yet").waitFor();
    await page.getByRole("link", { name: "Settings" }).click();
    await page.getByLabel("Single sign-on is active").selectOption("yes");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("In force from the next request on").waitFor();

    await page.getByRole("link", { name: "Tokens" }).click();
    await page.getByLabel("Name").fill("Entra ID, production");
    await page.getByRole("button", { name: "Create" }).click();
    const secret = page.locator(".notice dd").last();
    const token = (await secret.locator("code").textContent()) ?? "";
    expect(token).toMatch(/^scim_\w+/);
    await secret.getByRole("button", { name: "Copy" }).click();
    await secret.getByText("Copied").first().waitFor();
    await expect(clipboard()).resolves.toBe(token);
    await page.goto(`/console/t/${slug}/tokens`);
    expect(await page.content()).not.toContain(token);
    await page.getByText(`…${token.slice(-4)}`).waitFor();

    await page.getByRole("link", { name: "Log" }).click();
    const rows = page.locator("ul.rows > li");
    const first = rows.filter({ hasText: "Token" }).first();
    await first.locator("summary").first().click();
    const navigations: string[] = [];
    page.on("request", (request) => {
      if (request.isNavigationRequest()) navigations.push(request.url());
    });
    await simulate(token, [...PEOPLE, "--preset", "phishing"]);
    await rows.filter({ hasText: "User Nadia Okafor" }).first().waitFor();
    await rows.filter({ hasText: "Group EDU Harbour" }).first().waitFor();
    expect(navigations).toEqual([]);
    // What was open stays open when the list is renewed.
    expect(await page.locator("ul.rows details[open]").count()).toBe(1);
    expect(await page.locator("ul.rows time").first().textContent()).toMatch(/^\d+ \w+ \d{4}, /);
  });

  it("shows how far it has come, from waiting to silent, and what was decided here", async () => {
    const slug = await backstage.mintTenant();
    const token = await backstage.mintToken(slug);
    const page = await backstage.visitSignedIn();
    const overview = `/console/t/${slug}/overview`;
    const becomes = async (text: string) => {
      await expect
        .poll(
          async () => {
            await page.goto(overview);
            return state(page).textContent();
          },
          { timeout: 60_000 },
        )
        .toBe(text);
    };

    await becomes("Waiting for the first request");
    // The page is renewed by itself, every few seconds.
    expect(await scim(token, "GET", "/Users?filter=userName+eq+%22nobody%22")).toMatchObject({
      status: 200,
      body: { totalResults: 0 },
    });
    await state(page).filter({ hasText: "The credentials work" }).waitFor();

    await simulate(token, PEOPLE);
    await becomes("The first person has arrived");
    expect(await page.locator(".card", { hasText: "People" }).textContent()).toContain(
      "6 active, 0 inactive",
    );
    backstage.letTimePass(slug, 20);
    await becomes("Healthy");
    backstage.letTimePass(slug, 25 * 60);
    await becomes("Silent");
    await page.getByText("Nothing has been heard for longer than usual").waitFor();
    expect(await page.locator("svg.chart rect").count()).toBeGreaterThan(0);

    const decide = async (verb: string) => {
      await page.goto(`/console/t/${slug}/settings`);
      await page.locator("summary", { hasText: verb }).click();
      await page.getByRole("button", { name: verb }).click();
      await page.getByText("In force from the next request on").waitFor();
    };
    await decide("Pause");
    await becomes("Paused");
    await expect(scim(token, "GET", "/Users")).resolves.toMatchObject({ status: 503 });
    await decide("Suspend");
    await becomes("Suspended");
    await expect(scim(token, "GET", "/Users")).resolves.toMatchObject({ status: 403 });
    await decide("Resume");
    await expect(scim(token, "GET", "/Users")).resolves.toMatchObject({ status: 200 });
  });
});
