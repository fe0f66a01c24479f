import { FIELDS } from "../../src/admin/console/settings/fields.ts";
import { OPERATIONS } from "../../src/admin/operations/operations.ts";
import { renderGuides } from "../guides/render-guides.ts";
import { clientScript } from "./client-script.ts";
import { docsPage } from "./docs-page.ts";
import { openApiDocument } from "./openapi-document.ts";

const API = "/api/v1/admin";

/** A file that is made from other files, and is kept with them so that nothing has to be made before a deployment. */
export interface GeneratedFile {
  /** In the repository. */
  readonly path: string;
  readonly content: string;
}

/** Everything below `public/` but what is written by hand: the style sheet. */
export async function generatedFiles(root: string): Promise<GeneratedFile[]> {
  const document = openApiDocument(OPERATIONS, API);
  const guides = await renderGuides();
  return [
    { path: "public/api/openapi.json", content: `${JSON.stringify(document, null, 1)}\n` },
    { path: "public/api/docs.html", content: await docsPage(document) },
    { path: "public/console/settings.json", content: `${JSON.stringify(FIELDS, null, 1)}\n` },
    { path: "public/console/console.js", content: clientScript(root) },
    ...[...guides].map(([file, content]) => ({ path: file, content })),
  ];
}
