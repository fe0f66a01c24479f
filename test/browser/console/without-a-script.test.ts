import { describe, expect, it } from "vitest";

import { hasBrowser } from "../launch-browser.ts";
import { useConsole } from "./use-console.ts";

const ANA = { userName: "ana@example.com", displayName: "Ana" };

describe.skipIf(!hasBrowser())("the console without JavaScript", () => {
  const { visitSignedIn, scim, provision, newSlug } = useConsole();

  it("makes a tenant and a token, and filters the log", async () => {
    const page = await visitSignedIn({ javaScriptEnabled: false });
    const slug = newSlug();
    await page.getByLabel("Name", { exact: true }).fill("No script");
    await page.getByLabel("Slug", { exact: true }).fill(slug);
    await page.getByRole("button", { name: "Create" }).click();
    await page.waitForURL(`**/console/t/${slug}/connect`);

    await page.getByRole("link", { name: "Tokens" }).click();
    await page.getByLabel("Name").fill("Entra ID");
    await page.getByLabel("create, change and delete groups").uncheck();
    await page.getByRole("button", { name: "Create" }).click();
    const token = (await page.locator(".notice dd code").last().textContent()) ?? "";
    await provision(token, "Users", ANA);
    await expect(scim(token, "POST", "/Groups", { displayName: "A" })).resolves.toMatchObject({
      status: 403,
    });

    await page.getByRole("link", { name: "Log" }).click();
    const rows = page.locator("ul.rows > li");
    await expect
      .poll(async () => {
        await page.getByLabel("Outcome").selectOption("refused");
        await page.getByRole("button", { name: "Show", exact: true }).click();
        return rows.count();
      })
      .toBe(1);
    expect(new URL(page.url()).searchParams.get("outcome")).toBe("refused");
    await rows.locator("summary").first().click();
    await rows.getByText("What to do:").waitFor();
    await page.getByLabel("Outcome").selectOption("any");
    await page.getByLabel("Person").fill("ana@");
    await page.getByRole("button", { name: "Show", exact: true }).click();
    await rows.filter({ hasText: "User Ana" }).first().waitFor();
    expect(await rows.filter({ hasText: "User Ana" }).count()).toBe(await rows.count());
    expect(await rows.locator("time").first().textContent()).toMatch(/ UTC$/);
    expect(await page.getByRole("button", { name: "Copy" }).count()).toBe(0);
  });
});
