import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import { describe, expect, it } from "vitest";

import { GUIDE_PLACEHOLDERS, GUIDES } from "../../src/admin/console/connect/guides.ts";
import { renderGuide } from "../../tools/guides/render-guide.ts";
import { renderGuides } from "../../tools/guides/render-guides.ts";

const ROOT = path.join(import.meta.dirname, "../..");
const FOLDER = "public/console/guides";
const SECTIONS = [
  /^1\. /,
  /^2\. /,
  /^3\. /,
  /^A working test$/,
  /^Attribute mapping$/,
  /^Quirks$/,
  /^Troubleshooting$/,
];

const rendered = await renderGuides();
const htmlOf = (id: string) => rendered.get(`${FOLDER}/${id}.html`) ?? "";
const all = (html: string, pattern: RegExp) =>
  [...html.matchAll(pattern)].map(([, found]) => found);
const plain = (html = "") => html.replaceAll(/<[^>]*>/g, "").replaceAll("&#39;", "'");
const idsIn = (html: string) => all(html, / id="([^"]*)"/g);

/** The rows of all tables that have a column called "Value": the field, and what to enter. */
const fieldsOf = (html: string) =>
  [
    ...html.matchAll(/<tr><th scope="row">(.*?)<\/th><td data-label="Value">(.*?)<\/td><\/tr>/g),
  ].map(([, field, value]) => ({ field: plain(field), value: value ?? "" }));

describe("the guides' folder", () => {
  it("holds the guides that the console offers, and nothing else", () => {
    const expected = GUIDES.map(({ id }) => `${id}.html`).sort();
    expect(readdirSync(path.join(ROOT, FOLDER)).sort()).toEqual(expected);
  });

  it.each([...rendered.keys()])("has %s as its source renders", (file) => {
    expect(readFileSync(path.join(ROOT, file), "utf8")).toBe(rendered.get(file));
  });
});

describe.each(GUIDES)("the guide $id", (guide) => {
  const { id, title, urlFields, tokenFields, oauth, usesTenantScimUrl } = guide;
  const html = htmlOf(id);

  it("leaves the first heading to the page, and has every section in its order", () => {
    expect(all(html, /<h([1-6])/g).filter((level) => level === "1" || level === "2")).toEqual([
      "2",
    ]);
    expect(all(html, /<h2[^>]*>(.*?)<\/h2>/g).map(plain)).toEqual([title]);
    const sections = all(html, /<h3[^>]*>(.*?)<\/h3>/g).map(plain);
    expect(sections).toHaveLength(SECTIONS.length);
    for (const [index, pattern] of SECTIONS.entries()) expect(sections[index]).toMatch(pattern);
  });

  it("numbers the steps of each of the three sections", () => {
    const [, first, second, third] = html.split("<h3");
    for (const section of [first, second, third]) expect(section).toContain('<ol class="steps">');
  });

  it("says which attribute of the identity provider becomes which one here", () => {
    const mapping = html
      .split("<h3")
      .find((section) => section.includes(' id="guide-attribute-mapping"'));
    expect(mapping).toContain('<th scope="col">SCIM attribute</th>');
    expect(mapping).toContain('<td data-label="SCIM attribute"><code>userName</code>');
  });

  it("has only placeholders that the console knows, and none inside a tag", () => {
    expect(GUIDE_PLACEHOLDERS).toEqual(
      expect.arrayContaining([...new Set(all(html, /\{\{(.*?)\}\}/g))]),
    );
    expect(html.split("{{")).toHaveLength(html.split("}}").length);
    expect(html).not.toMatch(/<[^>]*\{\{/);
  });

  it("gives every placeholder to the script that copies", () => {
    const marked = all(html, /<(?:code|pre)[^>]* data-copy>(?:<code>)?([^<]*)</g).join(" ");
    expect(all(marked, /(\{\{)/g)).toEqual(all(html, /(\{\{)/g));
  });

  it("brings nothing from elsewhere and nothing that runs", () => {
    const tags = [...new Set(all(html, /<([a-z0-9]+)/g))].sort();
    const text = ["a", "code", "em", "h2", "h3", "h4", "li", "ol", "p", "pre", "strong", "ul"];
    const table = ["caption", "table", "tbody", "td", "th", "thead", "tr"];
    expect([...text, ...table]).toEqual(expect.arrayContaining(tags));
    expect(html).not.toMatch(/<[^>]* (?:src|style|on\w+)=/);
  });

  it("links only to guides beside it, to its own headings, and to other hosts without saying where from", () => {
    for (const [tag, href] of html.matchAll(/<a href="([^"]*)"[^>]*>/g)) {
      if (href?.startsWith("https://")) {
        expect(tag).toContain('target="_blank" rel="noreferrer"');
        continue;
      }
      const [target = "", anchor] = (href ?? "").split("#");
      const there = target === "" ? html : htmlOf(target);
      expect(there, tag).not.toBe("");
      if (anchor !== undefined) expect(idsIn(there), tag).toContain(anchor);
    }
  });

  it("names every heading once", () => {
    expect(new Set(idsIn(html)).size).toBe(idsIn(html).length);
  });

  it("captions every table", () => {
    const captions = all(html, /<table class="data">\n<caption>(.+?)<\/caption>/g);
    expect(captions.length).toBeGreaterThan(2);
    expect(captions).toHaveLength(html.split("<table").length - 1);
  });

  it("has the fields under the names that the console gives them", () => {
    const fields = fieldsOf(html);
    const valueOf = (name: string, value: string) =>
      fields.filter((row) => row.field.includes(name) && row.value.includes(value));
    for (const name of urlFields) expect(valueOf(name, "{{scimUrl}}"), name).not.toEqual([]);
    for (const name of tokenFields) expect(valueOf(name, "the token"), name).not.toEqual([]);
    for (const name of oauth?.tokenUrlFields ?? []) {
      expect(valueOf(name, "{{tokenUrl}}"), name).not.toEqual([]);
    }
    for (const name of [...(oauth?.clientIdFields ?? []), ...(oauth?.clientSecretFields ?? [])]) {
      expect(valueOf(name, "the client"), name).not.toEqual([]);
    }
    expect(html.includes("{{tokenUrl}}")).toBe(oauth !== undefined);
  });

  it("tells of the tenant's own address where the console says so", () => {
    expect(html.includes("{{tenantScimUrl}}")).toBe(usesTenantScimUrl);
  });
});

describe("rendering a guide", () => {
  const render = (files: Readonly<Record<string, string>>) =>
    renderGuide("guide.md", (file) => Promise.resolve(files[file] ?? `no file ${file}`));

  it("puts a part in the place of a paragraph that is a link to it, with its own links right", async () => {
    const html = await render({
      "guide.md": "before\n\n[more](parts/a.md)\n\nafter [a](parts/a.md)\n",
      "parts/a.md": "part [x](../okta-custom-app.md#quirks)\n\n[again](b.md)\n",
      "parts/b.md": "inner\n",
    });
    expect(html).toBe(
      '<p>before</p>\n<p>part <a href="okta-custom-app#guide-quirks">x</a></p>\n<p>inner</p>\n<p>after a</p>\n',
    );
  });

  it("leaves out what is for readers of the repository alone", async () => {
    expect(
      await render({ "guide.md": "[what](README.md#placeholders)\n\n[op](../operate.md#x) x\n" }),
    ).toBe("<p>op x</p>\n");
  });

  it("takes the line before a table for its caption, inside a list too", async () => {
    const html = await render({
      "guide.md": "1. Enter\n\n   The *fields*:\n\n   | A | B |\n   |-|-|\n   | 1 | 2 |\n",
    });
    expect(html).toContain("<caption>The <em>fields</em></caption>");
    expect(html).toContain('<tr><th scope="row">1</th><td data-label="B">2</td></tr>');
    expect(html).not.toContain("fields</em>:");
  });

  it("refuses a table without a caption, HTML, and pictures", async () => {
    await expect(render({ "guide.md": "Text.\n\n| A |\n|-|\n| 1 |\n" })).rejects.toThrow(
      "guide.md: a table",
    );
    await expect(render({ "guide.md": "a <b>c</b>\n" })).rejects.toThrow("HTML");
    await expect(render({ "guide.md": "<script>x</script>\n" })).rejects.toThrow("HTML");
    await expect(render({ "guide.md": "![a](https://example.com/a.png)\n" })).rejects.toThrow(
      "picture",
    );
  });

  it("marks what is to be pasted: placeholders, whole cells of the column Value, and blocks", async () => {
    const html = await render({
      "guide.md":
        "`a` and `{{slug}}`\n\nF:\n\n| Field | Value |\n|-|-|\n| `f` | `b` |\n| g | not `c` |\n\n```json\n<d>\n```\n",
    });
    expect(all(html, /<code data-copy>([^<]*)</g)).toEqual(["{{slug}}", "b"]);
    expect(html).toContain('<pre class="code" tabindex="0" data-copy><code>&lt;d&gt;</code></pre>');
  });
});
