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
    if (isEarly) return;
    if (tenantsWithPeople.size >= MAX_TENANTS) tenantsWithPeople.clear();
    tenantsWithPeople.add(id);
  });
  context.executionCtx.waitUntil(noted.catch(() => undefined));
}
