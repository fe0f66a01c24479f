import type { Page } from "playwright-core";

import type { FilledTenant } from "./fill-tenant.ts";

/** A page, and what is done on it to see it in another form. */
interface Place {
  readonly path: string;
  readonly act?: (page: Page) => Promise<unknown>;
}

const press = (name: string) => (page: Page) => page.getByRole("button", { name }).first().click();

/** Every page of the console with everything that it can show, by the file in `pages/` that makes it. */
export function everyPage(
  { slug, person, byHand, deleted, group, department, orphaned }: FilledTenant,
  /** What is typed where something can be. */
  typed: string,
): Readonly<Record<string, readonly Place[]>> {
  const own = `/console/t/${slug}`;
  const asked = encodeURIComponent(typed);
  const upload = (button: string) => async (page: Page) => {
    // A column that is not known, somebody new, somebody who is here, and two who cannot be.
    const quoted = `"${typed.replaceAll('"', '""')}"`;
    const rows = [`new@example.com,${quoted}`, `dora@example.com,${quoted}`, `${quoted},${quoted}`];
    await page
      .getByLabel("Or its text")
      .fill(`email,displayName,${quoted}\n${rows.join(",1\n")},1`);
    await press(button)(page);
  };
  const create = async (page: Page) => {
    await page.getByLabel("Name", { exact: true }).fill(typed);
    await press("Create")(page);
  };
  return {
    "admin-keys": [{ path: `${own}/admin-keys`, act: create }],
    alerts: [{ path: `${own}/alerts` }],
    "assign-people": [
      { path: `${own}/departments/${department}/assign` },
      {
        path: `${own}/departments/${department}/assign`,
        async act(page) {
          await page.getByLabel("User names or email addresses").fill(typed);
          await press("Assign them")(page);
        },
      },
    ],
    clients: [{ path: `${own}/clients`, act: create }],
    connect: [{ path: `${own}/connect` }, { path: `${own}/connect/entra` }],
    department: [
      { path: `${own}/departments/${department}` },
      { path: `${own}/departments/${orphaned}` },
    ],
    departments: [
      { path: `${own}/departments`, act: press("Reconcile now") },
      { path: `${own}/departments?q=${asked}` },
    ],
    deployment: [{ path: "/console/deployment" }],
    door: [{ path: `/console/sign-in?next=${asked}`, act: press("Sign in") }],
    groups: [{ path: `${own}/groups` }, { path: `${own}/groups/${group}` }],
    "import-people": [
      { path: `${own}/people/import` },
      { path: `${own}/people/import`, act: upload("Show what it would do") },
    ],
    invitations: [{ path: `${own}/invitations` }],
    "invite-people": [{ path: `${own}/invitations/invite` }],
    log: [
      { path: `${own}/log?limit=100` },
      { path: `${own}/log?person=${asked}` },
      { path: `${own}/log?q=${asked}&requestId=${asked}` },
    ],
    "merge-department": [{ path: `${own}/departments/${department}/merge` }],
    overview: [{ path: `${own}/overview` }],
    people: [{ path: `${own}/people` }, { path: `${own}/people?department=${asked}&q=${asked}` }],
    person: [person, byHand, deleted].map((id) => ({ path: `${own}/people/${id}` })),
    preflight: [{ path: `${own}/people/preflight`, act: upload("Check") }],
    reconciliations: [{ path: "/console/reconciliations" }],
    settings: [{ path: `${own}/settings` }],
    "setup-links": [{ path: `${own}/setup-links`, act: press("Create") }],
    tenants: [
      { path: `/console/tenants?q=${slug}` },
      // Refused: the slug is no slug.
      {
        path: "/console/tenants",
        async act(page) {
          await page.getByLabel("Slug", { exact: true }).fill(typed);
          await create(page);
        },
      },
    ],
    tokens: [{ path: `${own}/tokens`, act: create }],
    // Not a file of its own.
    "no-page": [{ path: `/console/${asked}` }, { path: `${own}/${asked}` }],
  };
}

/** The places of `everyPage` one after the other; what opens is open. */
export async function walk(
  page: Page,
  places: readonly Place[],
  look: () => Promise<void>,
): Promise<void> {
  for (const { path, act } of places) {
    // oxlint-disable-next-line no-await-in-loop -- there is one page
    await page.goto(path);
    // oxlint-disable-next-line no-await-in-loop -- there is one page
    await act?.(page);
    // oxlint-disable-next-line no-await-in-loop -- there is one page
    await page.waitForLoadState();
    // oxlint-disable-next-line no-await-in-loop -- there is one page
    await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true");
    // oxlint-disable-next-line no-await-in-loop -- there is one page
    await look();
  }
}
