import type { Context } from "hono";

import type { DirectoryContext } from "../directory/context.ts";
import { forbidden, unauthorized, unavailable } from "../scim/error.ts";
import type { Admission } from "../tenancy/credential.ts";
import { TenantFenced } from "../tenancy/fence.ts";
import type { Scope } from "../tenancy/scopes.ts";
import type { ScimEnv } from "./scim-env.ts";

const PAUSED_RETRY_AFTER_SECONDS = 60;

/** A tenant that is not active gets a refusal that an administrator understands, never a false success. */
function requireActive({ tenant }: Admission): void {
  switch (tenant.status) {
    case "active":
      return;
    case "paused":
      throw unavailable(
        "Provisioning of this tenant is paused by its administrator. Nothing was changed.",
        PAUSED_RETRY_AFTER_SECONDS,
      );
    case "suspended":
      throw forbidden(
        "Provisioning is not part of this customer's plan, or was suspended. Ask the operator of the application.",
      );
  }
}

function requireScope({ credential }: Admission, scope: Scope): void {
  if (!credential.scopes.includes(scope)) {
    throw forbidden(
      `The token does not have the permission ${scope}. Create a token that has it, or remove this mapping from your identity provider.`,
    );
  }
}

/**
 * Runs a verb on the tenant's directory. When the fence says that the tenant has changed since the request was
 * admitted, nothing has happened: the request is admitted anew from D1 and runs once more.
 */
export async function inDirectory<Result>(
  context: Context<ScimEnv>,
  scope: Scope,
  verb: (directory: DirectoryContext) => Promise<Result>,
): Promise<Result> {
  const run = (admission: Admission) => {
    requireActive(admission);
    requireScope(admission, scope);
    return verb(context.env.directoryFor(admission, context.var.requestId));
  };
  const { authentication } = context.var;
  try {
    return await run(authentication.admission);
  } catch (error) {
    if (!(error instanceof TenantFenced)) throw error;
    const again = await authentication.readmit();
    if (again.kind === "refused") {
      throw unauthorized("The bearer token is not valid any more. It was revoked or has expired.");
    }
    context.set("authentication", again);
    return run(again.admission);
  }
}
