import { readdirSync } from "node:fs";
import path from "node:path";

import { describe, expect, it } from "vitest";

import { hasBrowser } from "../launch-browser.ts";
import { accessibilityFaults, overflow } from "../open-public.ts";
import { everyPage, walk } from "./every-page.ts";
import { type FilledTenant, fillTenant } from "./fill-tenant.ts";
import { useConsole } from "./use-console.ts";

const PAGES = path.join(import.meta.dirname, "../../../src/admin/console/pages");
/** Has no place to break. */
const LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";

describe.skipIf(!hasBrowser())("every page of the console", () => {
  const { visitSignedIn, ...backstage } = useConsole();
  let filled: Promise<FilledTenant> | undefined;

  it.each([
    [1280, "light"],
    [360, "dark"],
  ] as const)("is readable for everybody at %i px, %s", async (width, colorScheme) => {
    filled ??= fillTenant(backstage, (what) => `${what} ${LONG}`);
    const tenant = await filled;
    const page = await visitSignedIn({ viewport: { width, height: 800 }, colorScheme });
    const faults: string[] = [];
    for (const places of Object.values(everyPage(tenant, LONG))) {
      // oxlint-disable-next-line no-await-in-loop -- there is one page
      await walk(page, places, async () => {
        const { pathname } = new URL(page.url());
        const found = await accessibilityFaults(page);
        faults.push(...found.map((fault) => `${pathname}: ${fault}`));
        const beyond = await overflow(page);
        if (beyond > 0) faults.push(`${pathname} is ${beyond} px too wide`);
      });
    }
    expect(faults).toEqual([]);
  });

  it("is in the list of them", () => {
    const files = readdirSync(PAGES).map((file) => path.parse(file).name);
    const { "no-page": _, ...listed } = everyPage(NOWHERE, "");
    expect(Object.keys(listed).toSorted()).toEqual(files.toSorted());
  });
});

const NOWHERE: FilledTenant = {
  slug: "",
  token: "",
  person: "",
  byHand: "",
  deleted: "",
  group: "",
  department: "",
  orphaned: "",
};
