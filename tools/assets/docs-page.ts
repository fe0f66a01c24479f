import { html } from "hono/html";

import { docsIntroduction } from "./docs-introduction.ts";
import { type Html, joined } from "./html.ts";
import { type Endpoint, endpointsOf, type OpenApiDocument } from "./openapi-document.ts";
import { operationSection } from "./operation-section.ts";
import { schemaTable } from "./schema-table.ts";

interface Chapter {
  readonly title: string;
  readonly id: string;
  readonly endpoints: readonly Endpoint[];
}

/** The documentation of the admin API as one page that needs no script. It says nothing about any tenant. */
export async function docsPage(document: OpenApiDocument): Promise<string> {
  const { schemas } = document.components;
  const chapters = chaptersOf(document);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>Administration API</title>
        <link rel="stylesheet" href="/console/console.css" />
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <header class="site">
          <a class="brand" href="/console">SCIM service provider</a>
          <nav class="main" aria-label="Site">
            <a href="/console">Console</a>
            <a href="#main" aria-current="page">Administration API</a>
          </nav>
        </header>
        <main id="main">
          <h1>Administration API</h1>
          <div class="columns">
            ${tableOfContents(chapters, Object.keys(schemas))}
            <div>
              ${docsIntroduction()}
              ${chapters.map(
                ({ title, id, endpoints }) =>
                  html`<h2 id="${id}">${title}</h2>
                    ${endpoints.map((endpoint) => operationSection(endpoint, schemas))}`,
              )}
              <h2 id="objects">Objects</h2>
              ${Object.entries(schemas).map(
                ([name, schema]) =>
                  html`<section id="object-${name}">
                    <h3>${name}</h3>
                    ${schemaTable(schema, "output", `The fields of ${name}`)}
                  </section>`,
              )}
            </div>
          </div>
        </main>
      </body>
    </html>`;
  return `${String(await page)
    .replaceAll(/^[ \t]+$\n/gm, "")
    .trim()}\n`;
}

/** In the order of the tags; a tag that no operation has is left out. */
function chaptersOf(document: OpenApiDocument): Chapter[] {
  const endpoints = endpointsOf(document);
  return document.tags
    .map(({ name }) => ({
      title: name,
      id: `chapter-${name.toLowerCase().replaceAll(" ", "-")}`,
      endpoints: endpoints.filter(({ operation }) => operation.tags.includes(name)),
    }))
    .filter((chapter) => chapter.endpoints.length > 0);
}

function tableOfContents(chapters: readonly Chapter[], objects: readonly string[]): Html {
  const entry = (title: string, links: readonly (readonly [href: string, text: string])[]) =>
    html`<details>
      <summary>${title}</summary>
      <ul>
        ${joined(
          links.map(([href, text]) => html`<li><a href="#${href}">${text}</a></li>`),
          "\n",
        )}
      </ul>
    </details>`;
  return html`<nav class="toc" aria-label="Contents">
    <p><a href="#calling">How to call it</a></p>
    ${joined(
      chapters.map(({ title, endpoints }) =>
        entry(
          title,
          endpoints.map(({ operation }) => [operation.operationId, operation.summary] as const),
        ),
      ),
      "\n",
    )}
    ${entry(
      "Objects",
      objects.map((name) => [`object-${name}`, name] as const),
    )}
  </nav>`;
}
