import { readFile } from "node:fs/promises";
import path from "node:path";

import axe, { type AxeResults } from "axe-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";

const PUBLIC = path.join(import.meta.dirname, "../../public");
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
};

export interface OpenPage {
  readonly page: Page;
  /** What the browser complained of: scripts and styles that the policy forbids, files that are not there. */
  readonly complaints: readonly string[];
}

/**
 * A page of its own browser context, over the files of `public/` and over pages of the test's, under a policy. No
 * request leaves the machine.
 */
export async function openPublic(
  browser: Browser,
  url: string,
  {
    policy,
    pages = {},
    options = {},
  }: {
    readonly policy: string;
    readonly pages?: Readonly<Record<string, string>>;
    readonly options?: BrowserContextOptions;
  },
): Promise<OpenPage> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => void complaints.push(message.text()));
  page.on("pageerror", (error) => void complaints.push(error.message));
  await page.route("**/*", async (route) => {
    const { pathname, origin } = new URL(route.request().url());
    const body =
      origin === new URL(url).origin
        ? (pages[pathname] ?? (await readFile(path.join(PUBLIC, pathname)).catch(() => undefined)))
        : undefined;
    if (body === undefined) {
      complaints.push(`There is no ${route.request().url()}.`);
      return route.abort();
    }
    const contentType = TYPES[path.extname(pathname)] ?? "text/html; charset=utf-8";
    const headers = { "Content-Security-Policy": policy };
    return route.fulfill({ body, contentType, headers });
  });
  await page.goto(url);
  return { page, complaints };
}

/** What breaks WCAG 2.2 AA on the page, a line each. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  // Not as an element of the page, which its policy would forbid.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResults>("axe.run()");
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
}

/** How far the page reaches beyond the window, sideways. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
