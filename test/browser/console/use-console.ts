import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, inject } from "vitest";

import { launchBrowser } from "../launch-browser.ts";
import { type Backstage, backstage } from "./backstage.ts";

export interface ConsoleUnderTest extends Backstage {
  /** A person at a browser of their own; the test fails when it complains of anything. */
  readonly visit: (options?: BrowserContextOptions) => Promise<Page>;
  /** The same, with a key typed at the door: the operator's, where no other is given. */
  readonly visitSignedIn: (
    options?: BrowserContextOptions & { readonly key?: string },
  ) => Promise<Page>;
}

const ACTION_TIMEOUT_MS = 60_000;
/** A page that was asked for and refused: the browser notes it as an error of the page. */
const REFUSED_PAGE = /^Failed to load resource: the server responded with a status of 4\d\d/;

/**
 * The console as people meet it: through a browser, over the network, with the Worker in its own runtime. After every
 * test it is checked that no script failed, nothing was blocked by the policy, no dialog appeared, no request left the
 * server, and none was answered with a 5xx.
 */
export function useConsole(): ConsoleUnderTest {
  let browser: Browser | undefined;
  const contexts: BrowserContext[] = [];
  const complaints: string[] = [];
  const served = inject("served") ?? "There is no browser.";

  beforeAll(async () => {
    if (typeof served === "string") throw new Error(served);
    browser = await launchBrowser();
  });
  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()));
    expect(complaints.splice(0)).toEqual([]);
  });
  afterAll(() => browser?.close());

  const known =
    typeof served === "string" ? { url: "http://localhost", adminToken: "", folder: "" } : served;

  async function visit(options: BrowserContextOptions = {}): Promise<Page> {
    if (!browser) throw new Error("Visits are for tests.");
    const context = await browser.newContext({
      baseURL: known.url,
      viewport: { width: 1280, height: 800 },
      locale: "en-GB",
      timezoneId: "UTC",
      ...options,
    });
    contexts.push(context);
    context.setDefaultTimeout(ACTION_TIMEOUT_MS);
    await context.addInitScript(REPORT_VIOLATIONS);
    listen(context, known.url, complaints);
    return context.newPage();
  }

  return {
    ...backstage(known),
    visit,
    async visitSignedIn({ key = known.adminToken, ...options } = {}) {
      const page = await visit(options);
      await signIn(page, key);
      return page;
    },
  };
}

/** Types a key at the door, from wherever the door is. */
export async function signIn(page: Page, key: string): Promise<void> {
  if (!page.url().includes("/console/sign-in")) await page.goto("/console/sign-in");
  await page.getByLabel("Key").fill(key);
  await page.getByRole("button", { name: "Sign in" }).click();
}

const REPORT_VIOLATIONS = `document.addEventListener("securitypolicyviolation", (event) =>
  console.error("The policy forbids " + event.violatedDirective + " " + event.blockedURI + " " + event.sample));`;

function listen(context: BrowserContext, url: string, complaints: string[]): void {
  const pages = new Set<string>();
  context.on("request", (request) => {
    if (request.isNavigationRequest()) pages.add(request.url());
    if (new URL(request.url()).origin !== url) complaints.push(`It asks ${request.url()}.`);
  });
  context.on("response", (response) => {
    if (response.status() >= 500) complaints.push(`${response.status()} for ${response.url()}.`);
  });
  context.on("console", (message) => {
    if (message.type() !== "error" && message.type() !== "warning") return;
    if (REFUSED_PAGE.test(message.text()) && pages.has(message.location().url)) return;
    complaints.push(`${message.text()} (${message.location().url})`);
  });
  context.on("weberror", (error) => void complaints.push(String(error.error())));
  context.on("dialog", (dialog) => {
    complaints.push(`A dialog says ${dialog.message()}.`);
    void dialog.dismiss();
  });
}
