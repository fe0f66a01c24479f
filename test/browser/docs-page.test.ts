import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { hasBrowser, launchBrowser } from "./launch-browser.ts";
import { accessibilityFaults, openPublic, overflow } from "./open-public.ts";

const URL = "https://scim.example.com/api/docs.html";
const POLICY = "default-src 'none'; style-src 'self'";
/** Three operations and an object. */
const LEAVE_SAMPLES = `for (const section of document.querySelectorAll("section"))
  if (!["createTenant", "importUsers", "rotateToken", "object-User"].includes(section.id)) section.remove();`;
/** The first one on a machine unpacks the browser. */
const LAUNCH_MS = 120_000;

describe.skipIf(!hasBrowser())("the page of the admin API", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  }, LAUNCH_MS);
  afterAll(() => browser.close());

  it.each([
    [1280, "light"],
    [1280, "dark"],
    [360, "light"],
    [360, "dark"],
  ] as const)(
    "is readable for everybody at %i px, %s",
    async (width, colorScheme) => {
      const options = { viewport: { width, height: 720 }, colorScheme };
      const { page, complaints } = await openPublic(browser, URL, { policy: POLICY, options });
      expect(complaints).toEqual([]);
      expect(await overflow(page)).toBe(0);
      // It is long, and all of its parts are made alike.
      await page.evaluate(LEAVE_SAMPLES);
      expect(await accessibilityFaults(page)).toEqual([]);
    },
    LAUNCH_MS,
  );

  it("leads from its contents to an operation, with the keyboard and without a script", async () => {
    const options = { javaScriptEnabled: false };
    const { page } = await openPublic(browser, URL, { policy: POLICY, options });
    await page.keyboard.press("Tab");
    await expect(page.locator(":focus").textContent()).resolves.toBe("Skip to the content");
    const chapter = page.locator("nav.toc summary", { hasText: "Tenants" });
    await chapter.focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expect(page.url()).toBe(`${URL}#createTenant`);
    await expect(page.locator("#createTenant h3").textContent()).resolves.toBe("Make a tenant");
  });
});
