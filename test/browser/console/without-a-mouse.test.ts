import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";

import { hasBrowser } from "../launch-browser.ts";
import { useConsole } from "./use-console.ts";

/** What a screen reader calls what has the focus: a label, or its text. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(`(() => {
    const element = document.activeElement;
    const words = element.labels?.[0] ?? element;
    return (element.getAttribute("aria-label") ?? words.textContent).trim();
  })()`);

async function tab(page: Page, times = 1): Promise<string[]> {
  const stops: string[] = [];
  for (let stop = 0; stop < times; stop++) {
    // oxlint-disable-next-line no-await-in-loop -- one key after the other
    await page.keyboard.press("Tab");
    // oxlint-disable-next-line no-await-in-loop -- one key after the other
    stops.push(await focused(page));
  }
  return stops;
}

describe.skipIf(!hasBrowser())("the console without a mouse", () => {
  const { visit, adminToken, mintTenant, mintToken, newSlug } = useConsole();

  it("is signed in to, filled in and sent with the keyboard", async () => {
    const page = await visit();
    await page.goto("/console/sign-in");
    await expect(tab(page, 3)).resolves.toEqual(["Skip to the content", "SCIM console", "Key"]);
    await page.keyboard.type(adminToken);
    await page.keyboard.press("Enter");
    await page.waitForURL("**/console/tenants");

    // Past the menu, to the content.
    await expect(tab(page)).resolves.toEqual(["Skip to the content"]);
    expect(await page.locator("a.skip").boundingBox()).toMatchObject({ x: 0, y: 0 });
    await page.keyboard.press("Enter");
    await expect(tab(page, 3)).resolves.toEqual([
      "Slug or name begins with",
      "Organisation",
      "Search",
    ]);
    await page.getByLabel("Name", { exact: true }).focus();
    await page.keyboard.type("By keyboard");
    await expect(tab(page)).resolves.toEqual(["Slug"]);
    const slug = newSlug();
    await page.keyboard.type(slug);
    await expect(tab(page, 3)).resolves.toEqual(["Organisation", "Preset", "Create"]);
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.type("training");
    await expect(page.getByLabel("Preset").inputValue()).resolves.toBe("training");
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Enter");
    await page.waitForURL(`**/console/t/${slug}/connect`);
  });

  it("opens rows and confirmations with Enter, and shows where the focus is", async () => {
    const slug = await mintTenant();
    await mintToken(slug);
    const page = await visit();
    await page.goto(`/console/sign-in?next=/console/t/${slug}/tokens`);
    await tab(page, 3);
    await page.keyboard.type(adminToken);
    await page.keyboard.press("Enter");
    await page.waitForURL(({ pathname }) => pathname === `/console/t/${slug}/tokens`);

    await tab(page);
    await page.keyboard.press("Enter");
    // Where the tenant is, the kinds of credentials, and then the row.
    await expect(tab(page, 8)).resolves.toEqual([
      "All tenants",
      slug,
      "SCIM tokens",
      "OAuth clients",
      "Keys of the admin API",
      "Set-up links",
      "Rotate",
      "Revoke",
    ]);
    const ring = `getComputedStyle(document.activeElement).outlineStyle`;
    await expect(page.evaluate(ring)).resolves.toBe("solid");
    await page.keyboard.press("Enter");
    await expect(tab(page)).resolves.toEqual(["Revoke"]);
    await page.keyboard.press("Enter");
    await page.getByText("The token is revoked").waitFor();

    await page.goto(`/console/t/${slug}/log`);
    const row = page.locator("ul.rows details").first();
    await row.locator("summary").first().focus();
    await page.keyboard.press("Enter");
    expect(await row.getAttribute("open")).not.toBeNull();
  });
});
