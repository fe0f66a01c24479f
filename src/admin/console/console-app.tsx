import { Hono } from "hono/tiny";
import type { Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { routePath } from "hono/route";

import { framesOf } from "../../tenancy/frames-of.ts";
import { StorageUnavailable } from "../../tenancy/unavailable.ts";
import type { ConsoleEnv } from "./console-env.ts";
import { ConsoleRefusal, statusOf } from "./console-refusal.ts";
import { doorPage, page } from "./page.tsx";
import { doorRoutes } from "./pages/door.tsx";
import { overviewRoutes } from "./pages/overview.tsx";
import { importPeopleRoutes } from "./pages/import-people.tsx";
import { logRoutes } from "./pages/log.tsx";
import { peopleRoutes } from "./pages/people.tsx";
import { personRoutes } from "./pages/person.tsx";
import { preflightRoutes } from "./pages/preflight.tsx";
import { tenantsRoutes } from "./pages/tenants.tsx";
import { tokensRoutes } from "./pages/tokens.tsx";
import { clientsRoutes } from "./pages/clients.tsx";
import { adminKeysRoutes } from "./pages/admin-keys.tsx";
import { setupLinksRoutes } from "./pages/setup-links.tsx";
import { connectRoutes } from "./pages/connect.tsx";
import { settingsRoutes } from "./pages/settings.tsx";
import { alertsRoutes } from "./pages/alerts.tsx";
import { assignPeopleRoutes } from "./pages/assign-people.tsx";
import { departmentRoutes } from "./pages/department.tsx";
import { departmentsRoutes } from "./pages/departments.tsx";
import { deploymentRoutes } from "./pages/deployment.tsx";
import { groupsRoutes } from "./pages/groups.tsx";
import { invitationsRoutes } from "./pages/invitations.tsx";
import { invitePeopleRoutes } from "./pages/invite-people.tsx";
import { mergeDepartmentRoutes } from "./pages/merge-department.tsx";
import { reconciliationsRoutes } from "./pages/reconciliations.tsx";
import { Notice } from "./parts/notice.tsx";
import { sameOrigin } from "./same-origin.ts";
import { signedIn } from "./signed-in.ts";

/** A file of people as large as the API takes one, and room for the form around it. */
const MAX_FORM_BYTES = 9 * 1024 * 1024;

// Nothing of a page runs or loads but our own files, and no other site may frame it or be sent its forms.
const POLICY =
  "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/**
 * The console: pages over the operations of the admin API, for the operator and for tenants' administrators. All
 * of them work without JavaScript. Denies by default: but for the door and the static files, a page is made for
 * somebody who is signed in.
 */
export function consoleApp(): Hono<ConsoleEnv> {
  const app = new Hono<ConsoleEnv>({ strict: false });
  app.use("*", async function everyPage(context, next) {
    const { log } = context.env.admin;
    context.set("requestId", log.requestId);
    log.note({ app: "console" });
    await next();
    log.note({ route: routePath(context, -1) });
    context.header("Content-Security-Policy", POLICY);
    context.header("Referrer-Policy", "same-origin");
  });
  for (const file of ["/console/console.css", "/console/console.js"]) {
    app.get(file, async (context) => {
      const asset = await context.env.assets.fetch(context.req.raw);
      // Kept and asked for again by its ETag: a new version is there with the first page after it.
      const answer = new Response(asset.body, asset);
      answer.headers.set("Cache-Control", "no-cache");
      return answer;
    });
  }
  app.use("*", bodyLimit({ maxSize: MAX_FORM_BYTES, onError: tooLarge }));
  app.use("*", sameOrigin);
  doorRoutes(app);
  app.use("*", signedIn);
  overviewRoutes(app);
  logRoutes(app);
  peopleRoutes(app);
  importPeopleRoutes(app);
  preflightRoutes(app);
  // Behind the pages that a person's id could be taken for.
  personRoutes(app);
  settingsRoutes(app);
  connectRoutes(app);
  setupLinksRoutes(app);
  adminKeysRoutes(app);
  clientsRoutes(app);
  tokensRoutes(app);
  tenantsRoutes(app);
  alertsRoutes(app);
  assignPeopleRoutes(app);
  departmentRoutes(app);
  departmentsRoutes(app);
  deploymentRoutes(app);
  groupsRoutes(app);
  invitationsRoutes(app);
  invitePeopleRoutes(app);
  mergeDepartmentRoutes(app);
  reconciliationsRoutes(app);

  app.notFound((context) => {
    const text = <p>There is no such page.</p>;
    const facts = { title: "Not found", status: 404 } as const;
    return isSignedIn(context.var) ? page(context, facts, text) : doorPage(context, facts, text);
  });
  app.onError((error, context) => {
    const show = isSignedIn(context.var) ? page : doorPage;
    if (error instanceof ConsoleRefusal) {
      const status = statusOf(error.refusal);
      const title = status === 404 ? "Not found" : "That did not work";
      return show(context, { title, status, refusal: error }, <p>Nothing was changed.</p>);
    }
    if (error instanceof StorageUnavailable) {
      context.header("Retry-After", String(error.retryAfterSeconds));
      const text = (
        <Notice tone="warn">The database cannot answer now. Load the page again.</Notice>
      );
      return show(context, { title: "Not now", status: 503 }, text);
    }
    const { requestId } = context.var;
    const facts = { error: error.name, stack: framesOf(error) };
    console.error(JSON.stringify({ event: "error", requestId, ...facts }));
    const text = <p>This is a fault of the server. Tell its operator the request {requestId}.</p>;
    return show(context, { title: "A fault of the server", status: 500 }, text);
  });
  return app;
}

const tooLarge = (context: Context<ConsoleEnv>) =>
  doorPage(
    context,
    { title: "Too large", status: 413 },
    <p>A form holds up to 8 MiB. Nothing was changed. Split the file into smaller ones.</p>,
  );

const isSignedIn = ({ view }: { view?: unknown }): boolean => view !== undefined;
