import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { OPERATIONS } from "../../src/admin/operations/operations.ts";
import { exampleCall } from "../../tools/assets/example-call.ts";
import { findStale } from "../../tools/assets/find-stale.ts";
import { type GeneratedFile, generatedFiles } from "../../tools/assets/generated-files.ts";
import { endpointsOf, openApiDocument } from "../../tools/assets/openapi-document.ts";

const ROOT = path.join(import.meta.dirname, "../..");
/** So that pages stay quick on a telephone. */
const MAX_SCRIPT_BYTES = 10_240;

let files: readonly GeneratedFile[] = [];
beforeAll(async () => {
  files = await generatedFiles(ROOT);
});
const contentOf = (name: string) => files.find((file) => file.path === name)?.content ?? "";

describe("public/", () => {
  it("holds what npm run assets makes", () => {
    expect(findStale(ROOT, files), "type: npm run assets").toEqual([]);
  });

  it("keeps the console's script small", () => {
    const { byteLength } = Buffer.from(contentOf("public/console/console.js"));
    expect(byteLength).toBeGreaterThan(0);
    expect(byteLength).toBeLessThan(MAX_SCRIPT_BYTES);
  });

  it("has no page that loads or refers to a file of another host", () => {
    const page = contentOf("public/api/docs.html");
    expect(page).toContain('href="/console/console.css"');
    expect(
      page.match(/<(?:script|img|iframe|style)\b|\bstyle=|\bsrc=|href="(?![#/])[^"]*"/g),
    ).toBeNull();
  });
});

describe("findStale", () => {
  const root = mkdtempSync(path.join(os.tmpdir(), "scim-edge-assets-"));
  afterAll(() => rmSync(root, { recursive: true }));
  const made = ["same", "other", "missing"].map((name) => ({
    path: `public/api/${name}.html`,
    content: name,
  }));
  const write = (file: string, content: string) => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), content);
  };

  it("names what is old, missing and left over, and leaves the style sheet alone", () => {
    write("public/api/same.html", "same");
    write("public/api/other.html", "from before");
    write("public/guides/gone.html", "from before");
    write("public/console/console.css", "by hand");
    expect(findStale(root, made)).toEqual([
      "public/api/other.html is out of date",
      "public/api/missing.html is missing",
      "public/guides/gone.html is not generated any more",
    ]);
  });
});

describe("the documentation", () => {
  const document = openApiDocument(OPERATIONS, "");
  const { schemas } = document.components;
  const endpoints = endpointsOf(document);

  it("has a section for every operation and every object", () => {
    const page = contentOf("public/api/docs.html");
    const sections = [...page.matchAll(/<section id="([^"]+)"/g)].map(([, id]) => id);
    const objects = Object.keys(schemas).map((name) => `object-${name}`);
    expect(sections.toSorted()).toEqual([...OPERATIONS.map(({ id }) => id), ...objects].toSorted());
    const listed = OPERATIONS.filter(({ id }) => page.includes(`<li><a href="#${id}">`));
    expect(listed).toHaveLength(OPERATIONS.length);
  });

  it("has no link to a place that is not there", () => {
    const page = contentOf("public/api/docs.html");
    const ids = new Set([...page.matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id));
    const links = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(links.filter((id) => !ids.has(id))).toEqual([]);
  });

  it.each(endpoints.map((endpoint) => [endpoint.operation.operationId, endpoint] as const))(
    "gives %s an example that the API takes",
    (id, endpoint) => {
      const operation = OPERATIONS.find((candidate) => candidate.id === id);
      const call = exampleCall(endpoint, schemas);
      const [taken = "", query = ""] = call.path.split("?");
      const pattern = endpoint.path.replaceAll(/\{(\w+)\}/g, "(?<$1>[^/]+)");
      const params = { ...new RegExp(`^${pattern}$`).exec(decodeURIComponent(taken))?.groups };
      expect(operation?.params.safeParse(params)).toMatchObject({ success: true });
      const given = Object.fromEntries(new URLSearchParams(query));
      expect(operation?.query.safeParse(given)).toMatchObject({ success: true });
      expect(operation?.body.safeParse(call.body ?? { csv: "email" })).toMatchObject({
        success: true,
      });
    },
  );
});
