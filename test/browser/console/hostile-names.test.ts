import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";

import { hasBrowser } from "../launch-browser.ts";
import { everyPage, walk } from "./every-page.ts";
import { fillTenant } from "./fill-tenant.ts";
import { useConsole } from "./use-console.ts";

const HOSTILE = `<img src=x onerror=alert(1)>"><script>alert(2)</script>'><svg onload=alert(3)>`;

/** Elements that no page of the console has, and addresses that are scripts. */
const PLANTED = [
  "img, iframe, object, embed, base, svg[onload], script:not([src='/console/console.js'])",
  "[onerror], [onload], [onclick], [onfocus], [style]",
  "[href^='javascript:' i], [src^='javascript:' i], [action^='javascript:' i]",
].join(", ");

/** Where the text is shown, as text: in the content, or in what can be typed over. */
const showsIt = async (page: Page): Promise<boolean> => {
  const main = page.locator("main");
  const values = await main
    .locator("input, textarea")
    .evaluateAll((fields: { value: string }[]) => fields.map(({ value }) => value));
  return [await main.textContent(), ...values].some((text) => text?.includes(HOSTILE));
};

describe.skipIf(!hasBrowser())("names that are markup and scripts", () => {
  const { visitSignedIn, ...backstage } = useConsole();

  it("are text on every page of the console", async () => {
    const tenant = await fillTenant(backstage, (what) => `${what} ${HOSTILE}`);
    const page = await visitSignedIn();
    const shown = new Set<string>();
    const pages = Object.entries(everyPage(tenant, HOSTILE)).toSorted();
    for (const [file, places] of pages) {
      // oxlint-disable-next-line no-await-in-loop -- there is one page
      await walk(page, places, async () => {
        expect([page.url(), await page.locator(PLANTED).count()]).toEqual([page.url(), 0]);
        if (await showsIt(page)) shown.add(file);
      });
    }
    // The others show nothing that was named.
    const silent = ["alerts", "invitations", "no-page", "reconciliations", "setup-links"];
    expect(pages.filter(([file]) => !shown.has(file)).map(([file]) => file)).toEqual(silent);
  });

  it("are text too where a page renews itself", async () => {
    const slug = await backstage.mintTenant({ name: HOSTILE });
    const token = await backstage.mintToken(slug, { name: HOSTILE });
    const page = await visitSignedIn();
    await page.goto(`/console/t/${slug}/log`);
    await page.locator("ul.rows > li").first().waitFor();
    await backstage.provision(token, "Users", { userName: "a", displayName: HOSTILE });
    await page.getByText(`User ${HOSTILE}`).first().waitFor();
    expect(await page.locator(PLANTED).count()).toBe(0);
  });
});
