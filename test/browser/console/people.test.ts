import { describe, expect, it } from "vitest";

import { hasBrowser } from "../launch-browser.ts";
import { useConsole } from "./use-console.ts";

const FILE = `email,givenName,familyName,shoe size
ana@example.com,Ana,Lund,38
bo@example.com,Bo,Lund,44
nobody at all,Cy,Lund,40
dora@example.com,Dora,Reyes,41`;

describe.skipIf(!hasBrowser())("people in the console", () => {
  const { visitSignedIn, mintTenant, mintToken, simulate } = useConsole();

  it("come from a file after a preview, and go to a department together", async () => {
    const slug = await mintTenant();
    const page = await visitSignedIn();
    const people = page.locator("tbody tr");
    const cards = () => page.locator(".card .figure").allTextContents();

    await page.goto(`/console/t/${slug}/people`);
    await page.getByText("Nobody is here yet").waitFor();
    await page.getByRole("link", { name: "Import", exact: true }).click();
    await page.getByLabel("A CSV file").setInputFiles({
      name: "people.csv",
      mimeType: "text/csv",
      buffer: Buffer.from(FILE),
    });
    await page.getByRole("button", { name: "Show what it would do" }).click();
    await page.getByRole("heading", { name: "What the file would do" }).waitFor();
    await expect(cards()).resolves.toEqual(["3", "0", "0", "1"]);
    await page.getByText("Columns that are passed over: shoe size").waitFor();
    await page.getByRole("row", { name: /^4 Refused/ }).waitFor();
    // So far nothing has happened.
    const other = await page.context().newPage();
    await other.goto(`/console/t/${slug}/people`);
    await other.getByText("Nobody is here yet").waitFor();
    await page.getByRole("button", { name: "Import 3 people" }).click();
    await page.getByText("The file is imported: 3 people added").waitFor();

    await page.goto(`/console/t/${slug}/departments`);
    await page.getByLabel("Name", { exact: true }).fill("Night Shift");
    await page.getByRole("button", { name: "Make it" }).click();
    await page.getByText("The department is made").waitFor();
    const department = new URL(page.url()).pathname;

    await page.goto(`/console/t/${slug}/people`);
    expect(await people.count()).toBe(3);
    await page.getByLabel("Choose Ana Lund").check();
    await page.getByLabel("Choose Bo Lund").check();
    const ticked = page.getByRole("group", { name: "Those who are ticked" });
    await ticked.getByLabel("Department").fill("night shift");
    await ticked.getByRole("button", { name: "Assign to it" }).click();
    await page.getByText("2 people newly assigned to Night Shift").waitFor();
    await page.getByRole("row", { name: /Ana Lund.*Night Shift/ }).waitFor();

    // Hand-made departments are nothing to a synchronisation.
    await simulate(await mintToken(slug), ["--users", "5", "--groups", "1", "--no-stories"]);
    await page.goto(department);
    const rows = await people.allTextContents();
    expect(rows).toHaveLength(2);
    for (const row of rows) expect(row).toMatch(/(Ana|Bo) Lund.*hand/);

    await page.getByLabel("Choose Ana Lund").check();
    await page.getByRole("button", { name: "Take back the ticked assignments" }).click();
    await page.getByText("The assignments by hand are taken back.").waitFor();
    expect(await people.count()).toBe(1);
  });
});
