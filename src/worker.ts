import { adminApp } from "./admin/api/admin-app.ts";
import { consoleApp } from "./admin/console/console-app.tsx";
import { answerRequest } from "./http/answer-request.ts";
import { health } from "./http/health.ts";
import { misconfigured } from "./http/misconfigured.ts";
import { normalizePath } from "./http/normalize-path.ts";
import { oauthApp } from "./http/oauth/oauth-app.ts";
import { scimApp } from "./http/scim-app.ts";
import { schemaVersion } from "./storage/d1/schema-version.ts";
import { readPublicUrl } from "./tenancy/public-url.ts";
import { readSecrets } from "./tenancy/secrets.ts";
import { adminDeps } from "./worker/admin-deps.ts";
import { type Call, meteredDatabases } from "./worker/call.ts";
import { consoleDeps } from "./worker/console-deps.ts";
import { oauthDeps } from "./worker/oauth-deps.ts";
import { runAllJobs } from "./worker/run-all-jobs.ts";
import { scimDeps } from "./worker/scim-deps.ts";
import { clock, ids } from "./worker/surroundings.ts";

const ADMIN = "/api/v1/admin";
const OAUTH = "/api/v1/oauth";
const scim = scimApp();
const admin = adminApp();
const oauth = oauthApp();
const webConsole = consoleApp();

function route(request: Request, parts: Omit<Call, "secrets">): Response | Promise<Response> {
  const { env, execution, databases } = parts;
  const path = normalizePath(new URL(request.url).pathname);
  const configuration = readSecrets(env);
  if (configuration.kind === "refused") return misconfigured(configuration.problems);
  const call = { ...parts, secrets: configuration.secrets };
  if (path === "/healthz") {
    const { names } = databases;
    return health({
      schemaVersions: Object.fromEntries(
        names.map((name) => [name, async () => schemaVersion(databases.named(name))]),
      ),
      bindings: {
        ...Object.fromEntries(names.map((name) => [name, true])),
        DB: env.DB !== undefined,
        TOKENS: env.TOKENS !== undefined,
        ASSETS: env.ASSETS !== undefined,
      },
    });
  }
  if (path === "/console" || path.startsWith("/console/")) {
    return webConsole.fetch(request, consoleDeps(call), execution);
  }
  if (path === ADMIN || path.startsWith(`${ADMIN}/`)) {
    return admin.fetch(request, adminDeps(call), execution);
  }
  if (path === OAUTH || path.startsWith(`${OAUTH}/`)) {
    return oauth.fetch(request, oauthDeps(call), execution);
  }
  return scim.fetch(request, scimDeps(call), execution);
}

export default {
  fetch(request, env, execution) {
    const { databases, d1Calls } = meteredDatabases(env);
    const publicUrl = readPublicUrl(env.PUBLIC_URL);
    const isHttps = publicUrl.kind === "url" && publicUrl.url.startsWith("https:");
    return answerRequest(
      request,
      { requestId: ids.next(), isHttps, d1Calls, now: clock.now },
      (log) => route(request, { env, execution, databases, log }),
    );
  },

  scheduled: (_controller, env) => runAllJobs(env),
} satisfies ExportedHandler<Env>;
