import { describe, expect, it } from "vitest";

import { callWorker } from "../../call-worker.ts";
import { admin, mintTenant, ORIGIN } from "../../mint-tenant.ts";
import { signedInClient } from "./console-client.ts";

/** A tenant and the pages that take a file of people. */
async function open() {
  const tenant = await mintTenant({ preset: "training" });
  const client = await signedInClient();
  const people = `/console/t/${tenant.slug}/people`;
  const send = (page: "import" | "preflight", fields: Record<string, string>) =>
    client.post(`${people}/${page}`, { does: "preview", ...fields });
  return {
    ...tenant,
    client,
    people,
    send,
    here: async () =>
      (await admin("GET", `/tenants/${tenant.slug}/users`)).body["items"] as Record<
        string,
        unknown
      >[],
  };
}

const carriedIn = (html: string) =>
  /<textarea name="csv" hidden="">([^<]*)</.exec(html)?.[1]?.replaceAll("&quot;", '"') ?? "";

const FILE = `email,displayName,colour
ana@example.com,"Ana
Vega",red
nobody,Bea,blue
`;

describe("the import", () => {
  it("shows what a file would do, and then does it", async () => {
    const { send, client, people, here } = await open();
    const preview = await send("import", { csv: FILE });
    expect(preview.status).toBe(200);
    expect(preview.text).toContain("1 would be added 0 would be changed 0 would be left alone");
    expect(preview.text).toContain("1 would be refused");
    expect(preview.text).toContain("4 Refused email: This is not an email address.");
    expect(preview.text).toContain("Columns that are passed over: colour");
    expect(await here()).toEqual([]);
    const csv = carriedIn(preview.html);
    expect(csv).toBe(FILE);
    const done = await client.post(`${people}/import`, { does: "run", csv });
    expect(done.status).toBe(200);
    expect(done.text).toContain("The file is imported: 1 person added, 0 changed.");
    expect(await here()).toMatchObject([{ email: "ana@example.com", origin: "manual" }]);
    const again = await send("import", { csv });
    expect(again.text).toContain("1 would be left alone");
    expect(again.html).not.toContain('value="run"');
  });

  it("takes an uploaded file", async () => {
    const { client, people } = await open();
    const page = await client.get(`${people}/import`);
    expect(page.html).toContain('enctype="multipart/form-data"');
    expect(page.html).toContain(`href="${people}/export"`);
    expect(page.text).toContain("email,userName,givenName,familyName");
    const body = new FormData();
    body.append("csrf", /name="csrf" value="([^"]+)"/.exec(page.html)?.[1] ?? "");
    body.append("does", "preview");
    body.append("csv", "");
    body.append("file", new File([FILE], "people.csv", { type: "text/csv" }));
    const answer = await callWorker()(
      new Request(`${ORIGIN}${people}/import`, {
        method: "POST",
        body,
        headers: { Cookie: client.cookie() },
      }),
    );
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain("Import 1 person");
  });

  it("goes on with a file as large as the API takes it, and says so where one is larger", async () => {
    const { send } = await open();
    const line = `${"x".repeat(4096)},\n`;
    const file = (bytes: number) => `email\n${line.repeat(bytes / line.length)}`;
    const { status, html } = await send("import", { csv: file(7 * 1024 * 1024) });
    expect(status).toBe(200);
    expect(html).toContain("would be refused");
    const refused = await send("import", { csv: file(11 * 1024 * 1024) });
    expect(refused.status).toBe(413);
    expect(refused.text).toContain("Split the file");
  });

  it("sends the file on without growing it: commas and lines of an urlencoded form take three times as much", async () => {
    const { send } = await open();
    const { html } = await send("import", { csv: "email\nana@example.com" });
    expect(html.match(/enctype="multipart\/form-data"/g)).toHaveLength(1);
  });

  it("counts lines from the first one, also when the text begins with an empty one", async () => {
    const { send } = await open();
    const { html, text } = await send("import", { csv: "\nemail\nana@example.com\nnobody\n" });
    expect(text).toContain("4 Refused");
    // A browser drops the first line break of a text area.
    expect(carriedIn(html)).toBe("\n\nemail\nana@example.com\nnobody\n");
  });

  it.each([
    ["", "Choose a file, or paste its text."],
    ["colour\nred", "The first line must name the columns"],
    [`email\n"ana@example.com`, "A quoted value is not closed."],
  ])("refuses %j, and the text is still there", async (csv, reason) => {
    const { send } = await open();
    const { status, html, text } = await send("import", { csv });
    expect(status).toBe(422);
    expect(text).toContain(reason);
    expect(html).toContain(`aria-describedby="csv-hint">${csv.replaceAll('"', "&quot;")}<`);
  });

  it("warns of a file whose letters cannot be read, and holds them as text", async () => {
    const { send } = await open();
    const { html, text } = await send("import", {
      csv: `email,<script>x\nana@example.com,\uFFFD`,
    });
    expect(text).toContain("the file is not UTF-8");
    expect(html).not.toContain("<script>x");
  });
});

describe("the check before provisioning", () => {
  it("tells who would be taken over, created, doubled and refused, and changes nothing", async () => {
    const { slug, send, here } = await open();
    for (const fields of [
      { email: "ana@example.com", displayName: `Ana <b>"` },
      { email: "bea.vega@example.com", givenName: "Bea", familyName: "Vega" },
    ]) {
      await admin("POST", `/tenants/${slug}/users`, fields);
    }
    const before = await here();
    const { status, html, text } = await send("preflight", {
      csv: "email,userName,givenName,familyName\nana@example.com\nbvega@example.org,,Bea,Vega\nnew@example.com\nnobody\n",
    });
    expect(status).toBe(200);
    expect(text).toContain("Could become a duplicate: 1 person");
    expect(text).toContain("Line 3: bvega@example.org Bea Vega bea.vega@example.com");
    expect(text).toContain("Would be refused: 1 person");
    expect(text).toContain("Line 5: email: This is not an email address.");
    expect(text).toContain("Would be taken over: 1 person");
    expect(text).toContain(`Line 2: ana@example.com Ana <b>" ana@example.com`);
    expect(text).toContain("Would be created: 1 person");
    expect(text).toContain("Line 4: new@example.com");
    expect(html).not.toContain("<b>");
    expect(await here()).toEqual(before);
  });

  it("shows the first of many, and how many there are", async () => {
    const { send } = await open();
    const lines = Array.from({ length: 250 }, (_, at) => `p${at}@example.com`);
    const { text } = await send("preflight", { csv: `email\n${lines.join("\n")}` });
    expect(text).toContain("Would be created: 250 people");
    expect(text).toContain("The first 200 lines are shown.");
    expect(text).toContain("p199@example.com Check again");
  });

  it("refuses a file that names nobody", async () => {
    const { send } = await open();
    const { status, text } = await send("preflight", { csv: "colour\nred" });
    expect(status).toBe(422);
    expect(text).toContain("The first line must name the columns");
  });
});
