import { html } from "hono/html";

import { dataTable } from "./data-table.ts";
import { exampleCall } from "./example-call.ts";
import { type Html, joined } from "./html.ts";
import type { JsonSchema } from "./named-schemas.ts";
import type { DescribedOperation, Endpoint } from "./openapi-document.ts";
import { notesOn, schemaTable } from "./schema-table.ts";
import { typeWords } from "./type-words.ts";

/** What the kinds of keys are called where people read of them. */
export const PRINCIPALS: Readonly<Record<DescribedOperation["x-principals"][number], string>> = {
  operator: "operator",
  admin: "tenant administrator",
  reader: "reader",
  setup: "set-up link",
};

const TONES: Readonly<Record<string, string>> = { get: "quiet", post: "ok", delete: "bad" };

/** All that there is to know of one operation. */
export function operationSection(
  endpoint: Endpoint,
  named: Readonly<Record<string, JsonSchema>>,
): Html {
  const { method, path, operation } = endpoint;
  const id = operation.operationId;
  const callers = operation["x-principals"].map((kind) => html`<b>${PRINCIPALS[kind]}</b>`);
  return html` <section id="${id}" aria-labelledby="${id}-title">
    <h3 id="${id}-title">${operation.summary}</h3>
    <p>
      <span class="badge" data-tone="${TONES[method] ?? "warn"}">${method.toUpperCase()}</span>
      <code>${path}</code>
    </p>
    <p class="hint">For: ${joined(callers, ", ")}.</p>
    ${parameterTable(operation)} ${bodyPart(operation)} ${answerPart(operation)}
    <h4>Example</h4>
    <pre class="code" tabindex="0"><code>${exampleCall(endpoint, named).command}</code></pre>
    <details class="more">
      <summary>Refusals</summary>
      ${refusalTable(operation)}
    </details>
  </section>`;
}

function parameterTable({ parameters }: DescribedOperation): Html | undefined {
  if (parameters.length === 0) return undefined;
  return dataTable(
    "Parameters",
    ["Name", "In", "Type", "Notes"],
    parameters.map(({ name, in: place, required, schema }) => [
      html`<code>${name}</code>`,
      html`${place}`,
      typeWords(schema),
      notesOn(schema, place === "query" && required && "Required."),
    ]),
  );
}

function bodyPart({ requestBody }: DescribedOperation): Html | undefined {
  if (requestBody === undefined) return undefined;
  return html`${Object.entries(requestBody.content).map(([type, { schema }]) =>
    type === "application/json"
      ? schemaTable(schema, "input", `Body (${type})`)
      : html`<p>Body: <code>${type}</code></p>`,
  )}`;
}

/** The one response that is a success. */
function answerPart({ responses }: DescribedOperation): Html {
  const [status, answer] =
    Object.entries(responses).find(([candidate]) => candidate.startsWith("2")) ?? [];
  const contents = Object.entries(answer?.content ?? {});
  if (contents.length === 0) return html`<p>Answer: <b>${status}</b> without a body</p>`;
  return html`${contents.map(([type, { schema }]) => {
    const where = html`<b>${status}</b>, <code>${type}</code>`;
    if (type !== "application/json") return html`<p>Answer: ${where}</p>`;
    return (
      schemaTable(schema, "output", `Answer (${status}, ${type})`) ??
      html`<p>Answer: ${where}: ${typeWords(schema)}</p>`
    );
  })}`;
}

function refusalTable({ responses }: DescribedOperation): Html {
  const refusals = Object.entries(responses).filter(([status]) => !status.startsWith("2"));
  return dataTable(
    "Statuses",
    ["Status", "When"],
    refusals.map(([status, { description }]) => [html`${status}`, html`${description}`]),
  );
}
