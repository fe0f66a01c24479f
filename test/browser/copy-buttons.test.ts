import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { hasBrowser, launchBrowser } from "./launch-browser.ts";
import { openPublic } from "./open-public.ts";

const POLICY = "default-src 'none'; style-src 'self'; script-src 'self'";
const PAGE = `<!doctype html>
<title>Copy</title>
<link rel="stylesheet" href="/console/console.css">
<p><code data-copy>its own text</code></p>
<p><code data-copy="the attribute">shown</code></p>
<script src="/console/console.js"></script>`;
const LAUNCH_MS = 120_000;

describe.skipIf(!hasBrowser())("the copy buttons of the console", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  }, LAUNCH_MS);
  afterAll(() => browser.close());

  const open = (url: string, permissions: string[]) =>
    openPublic(browser, url, {
      policy: POLICY,
      pages: { "/copy": PAGE },
      options: { permissions },
    });

  it("copy what they stand behind, and say so", async () => {
    const { page, complaints } = await open("https://scim.example.com/copy", [
      "clipboard-read",
      "clipboard-write",
    ]);
    const buttons = page.getByRole("button", { name: "Copy" });
    expect(await buttons.count()).toBe(2);
    for (const text of ["its own text", "the attribute"]) {
      // oxlint-disable-next-line no-await-in-loop -- there is one clipboard
      await buttons.first().click();
      // oxlint-disable-next-line no-await-in-loop -- there is one clipboard
      await page.getByText("Copied").first().waitFor();
      // oxlint-disable-next-line no-await-in-loop -- there is one clipboard
      expect(await page.evaluate("navigator.clipboard.readText()")).toBe(text);
    }
    expect(await page.getByRole("status").allTextContents()).toContain("Copied");
    expect(complaints).toEqual([]);
  });

  it("are not there where the browser has no clipboard", async () => {
    const { page } = await open("http://scim.example.com/copy", []);
    expect(await page.locator("button").count()).toBe(0);
  });
});
