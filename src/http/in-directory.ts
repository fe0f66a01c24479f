import type { Context } from "hono";

import type { DirectoryContext } from "../directory/context.ts";
import { forbidden, ScimError, unauthorized, unavailable } from "../scim/error.ts";
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
        tenant.isMoving
          ? "This tenant is being moved to another database. Nothing was changed; send the same request again in a few minutes."
          : "Provisioning of this tenant is paused by its administrator. Nothing was changed.",
        PAUSED_RETRY_AFTER_SECONDS,
      );
    case "suspended":
      throw forbidden(
        "Provisioning is not part of this customer's plan, or was suspended. Ask the operator of the application.",
      );
  }
}

function requireScope({ credential }: Admission, scope: Scope | undefined): void {
  if (scope !== undefined && !credential.scopes.includes(scope)) {
    throw forbidden(
      `The token does not have the permission ${scope}. Create a token that has it, or remove this mapping from your identity provider.`,
    );
  }
}

/**
 * KV may be a day behind, so that nothing of an admission (status, settings, that the token lives) counts before
 * the fence was passed. What was answered or refused without asking the database is confirmed here.
 */
async function confirmed<Result>(
  directory: DirectoryContext,
  run: () => Promise<Result>,
  onRefusal: (error: ScimError) => void,
): Promise<Result> {
  try {
    const result = await run();
    await directory.store.confirm();
    return result;
  } catch (error) {
    if (error instanceof ScimError) {
      await directory.store.confirm();
      onRefusal(error);
    }
    throw error;
  }
}

/**
 * Runs a verb on the tenant's directory. When the fence says that the tenant has changed since the request was
 * admitted, nothing has happened: the request is admitted anew from D1 and runs once more. Without a scope,
 * every live token may. `onRefusal` is told what the answer will say, and whether it is the verb that says so or
 * the door, where it would be the same for every request.
 */
export async function inDirectory<Result>(
  context: Context<ScimEnv>,
  scope: Scope | undefined,
  verb: (directory: DirectoryContext) => Promise<Result>,
  onRefusal?: (directory: DirectoryContext, error: ScimError, by: "verb" | "door") => void,
): Promise<Result> {
  const run = async (admission: Admission) => {
    const directory = await context.env.directoryFor(admission, context.var.requestId);
    let by: "verb" | "door" = "door";
    return confirmed(
      directory,
      async () => {
        requireActive(admission);
        requireScope(admission, scope);
        by = "verb";
        return verb(directory);
      },
      (error) => onRefusal?.(directory, error, by),
    );
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
