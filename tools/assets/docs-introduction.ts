import { html } from "hono/html";
import type * as z from "zod";

import type { Problem } from "../../src/admin/api/problem.ts";
import type { Html } from "./html.ts";

const A_PROBLEM = {
  type: "about:blank",
  title: "Unprocessable Content",
  status: 422,
  detail: "Some fields are not valid; see errors.",
  errors: [{ path: "slug", message: "This field is required." }],
  requestId: "0198c2f0-6f5e-7c1d-9a53-3f2b8f1f0a11",
} satisfies z.infer<typeof Problem>;

/** What holds for every operation. */
export function docsIntroduction(): Html {
  return html`<h2 id="calling">How to call it</h2>
    <p>
      Every path below is on the host of this page. In the examples <code>$URL</code> stands for
      that host and <code>$KEY</code> for a key:
    </p>
    <pre class="code" tabindex="0"><code>URL=https://scim.example.com
KEY=...
curl "$URL/api/v1/admin/openapi.json" -H "Authorization: Bearer $KEY"</code></pre>
    <p>The last command gets all of this page as an OpenAPI 3.1 document.</p>
    <h3>Keys</h3>
    <dl class="facts">
      <dt>operator</dt>
      <dd>
        The secret <code>ADMIN_TOKEN</code>, or Cloudflare Access: everything, in every tenant.
      </dd>
      <dt>tenant administrator</dt>
      <dd>A key with the role <code>admin</code>: one tenant. All others are 404.</dd>
      <dt>reader</dt>
      <dd>
        A key with the role <code>reader</code>, for the back end of a product: reads one tenant.
      </dd>
      <dt>set-up link</dt>
      <dd>
        The session of somebody who connects an identity provider to one tenant, in the console.
      </dd>
    </dl>
    <h3>Lists</h3>
    <p>
      <code>{"items": [...], "nextCursor": "..."}</code>. Send <code>nextCursor</code> as
      <code>cursor</code> for the next page; after the last page it is <code>null</code>.
    </p>
    <h3>Refusals</h3>
    <p>
      Everything that is not a success has the type <code>application/problem+json</code> (RFC
      9457), and <code>detail</code> says what to do: <a href="#object-Problem">Problem</a>.
    </p>
    <pre class="code" tabindex="0"><code>${JSON.stringify(A_PROBLEM, null, 2)}</code></pre>
    <h3>Times</h3>
    <p>All of them are ISO 8601 in UTC, such as <code>2026-01-31T08:30:00.000Z</code>.</p>`;
}
