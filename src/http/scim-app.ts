import { Hono } from "hono/tiny";

import { notFound, notImplemented } from "../scim/error.ts";
import { bulkRoutes } from "./bulk-routes.ts";
import { discoveryRoutes } from "./discovery-routes.ts";
import { errorResponse } from "./error-response.ts";
import { authenticate } from "./middleware/authenticate.ts";
import { limitRequests } from "./middleware/limit-requests.ts";
import { requestLog } from "./middleware/request-log.ts";
import { normalizePath } from "./normalize-path.ts";
import { onError } from "./on-error.ts";
import { resourceRoutes } from "./resources/resource-routes.ts";
import type { ScimEnv } from "./scim-env.ts";
import { searchRoutes } from "./search/search-routes.ts";

const BASES = ["/api/v1/scim/v2", "/api/v1/tenants/:slug/scim/v2"];

/**
 * The SCIM service, under the URL that serves every tenant and under each tenant's own. Denies by default: its
 * first middleware asks for a token on every path, also on those that lead nowhere.
 */
export function scimApp(): Hono<ScimEnv> {
  const app = new Hono<ScimEnv>({
    getPath: (request) => normalizePath(new URL(request.url).pathname),
  });
  app.use("*", requestLog);
  app.use("*", authenticate);
  app.use("*", limitRequests);
  for (const base of BASES) {
    app.all(`${base}/Me`, () => {
      throw notImplemented("/Me is not there: a token belongs to a tenant and not to a person.");
    });
    app.route(base, discoveryRoutes());
    app.route(base, bulkRoutes());
    app.route(base, searchRoutes());
    app.route(base, resourceRoutes());
  }
  app.notFound(() => errorResponse(notFound("Address")));
  app.onError(onError);
  return app;
}
