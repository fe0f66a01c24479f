import type { Context } from "hono";

import type { DirectoryContext } from "../directory/context.ts";
import { recordEarlyRead, type ReadKind } from "../directory/record-read.ts";
import type { ScimEnv } from "./scim-env.ts";

const MAX_TENANTS = 10_000;

/**
 * Notes a read behind the answer, while the tenant is being set up. Which tenants have people of SCIM is
 * remembered, so that a read of one that has costs nothing more.
 */
export function noteRead(
  context: Context<ScimEnv>,
  directory: DirectoryContext,
  kind: ReadKind,
  segment: string,
): void {
  const { tenantsWithPeople } = context.env;
  const { id } = context.var.authentication.admission.tenant;
  if (tenantsWithPeople.has(id)) return;
  const noted = recordEarlyRead(directory, kind, segment).then((isEarly) => {
    if (!isEarly) rememberPeople(context);
  });
  context.executionCtx.waitUntil(noted.catch(() => undefined));
}

/** From now on no read of this tenant is noted, as far as this isolate goes. */
export function rememberPeople(context: Context<ScimEnv>): void {
  const { tenantsWithPeople } = context.env;
  if (tenantsWithPeople.size >= MAX_TENANTS) tenantsWithPeople.clear();
  tenantsWithPeople.add(context.var.authentication.admission.tenant.id);
}
