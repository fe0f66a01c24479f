/**
 * `npm run screenshots`: the pictures of the console in docs/images, of a server of its own with invented people. No
 * network, and nothing of this machine is in them.
 */
import { mkdirSync, statSync } from "node:fs";
import path from "node:path";

import type { BrowserContextOptions, Page } from "playwright-core";

import { backstage } from "../test/browser/console/backstage.ts";
import { launchBrowser } from "../test/browser/launch-browser.ts";
import { startDevServer } from "./dev/start-dev-server.ts";
import { type Furnished, furnish } from "./screenshots/furnish.ts";
import { spreadTimes } from "./screenshots/spread-times.ts";

const FOLDER = path.join(import.meta.dirname, "../docs/images");
const PUBLIC_URL = "https://scim.example.com";
/** Whoever clones the repository has them all. */
const MAX_KIB = 150;
const WIDE = { viewport: { width: 1280, height: 800 }, colorScheme: "light" } as const;
const NARROW = { viewport: { width: 360, height: 800 }, colorScheme: "dark" } as const;

interface Picture {
  readonly name: string;
  /** Below the tenant. */
  readonly at: string;
  readonly options?: BrowserContextOptions;
  readonly before?: (page: Page) => Promise<unknown>;
}

const pictures = ({ person }: Furnished): readonly Picture[] => [
  { name: "overview", at: "overview" },
  { name: "overview-narrow", at: "overview", options: NARROW },
  { name: "connect", at: "connect/entra" },
  { name: "tokens", at: "tokens" },
  {
    name: "log",
    at: "log",
    before: (page) => page.locator("summary", { hasText: "Refused" }).first().click(),
  },
  { name: "people", at: "people" },
  { name: "person", at: `people/${person}` },
  { name: "departments", at: "departments" },
  { name: "settings", at: "settings" },
];

const server = await startDevServer({ vars: { PUBLIC_URL } });
try {
  const furnished = await furnish(backstage(server));
  spreadTimes(server.folder, furnished.slug, Date.now());
  mkdirSync(FOLDER, { recursive: true });
  const browser = await launchBrowser();
  try {
    for (const { name, at, options = WIDE, before } of pictures(furnished)) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other, so that none is in another one's way
      const context = await browser.newContext({
        baseURL: server.url,
        locale: "en-GB",
        timezoneId: "UTC",
        reducedMotion: "reduce",
        ...options,
      });
      /* oxlint-disable no-await-in-loop -- see above */
      const page = await context.newPage();
      await page.goto(`/console/sign-in?next=/console/t/${furnished.slug}/${at}`);
      await page.getByLabel("Key").fill(server.adminToken);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.waitForURL(({ pathname }) => pathname.endsWith(at));
      await before?.(page);
      // Not under the cursor, and with nothing in focus.
      await page.mouse.move(0, 0);
      await page.evaluate("document.activeElement.blur(); scrollTo(0, 0)");
      const file = path.join(FOLDER, `${name}.png`);
      await page.screenshot({ path: file });
      await context.close();
      /* oxlint-enable no-await-in-loop */
      const kib = Math.round(statSync(file).size / 1024);
      console.log(`docs/images/${name}.png ${kib} KiB`);
      if (kib > MAX_KIB) throw new Error(`That is more than ${MAX_KIB} KiB.`);
    }
  } finally {
    await browser.close();
  }
} finally {
  await server.stop();
}
