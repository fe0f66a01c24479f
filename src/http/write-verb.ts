import type { Context } from "hono";

import type { DirectoryContext } from "../directory/context.ts";
import { recordRefusal, type WriteVerb } from "../directory/record-refusal.ts";
import { ScimError } from "../scim/error.ts";
import { inDirectory } from "./in-directory.ts";
import { resourceTarget, scopeOf, type ResourceTarget } from "./resource-target.ts";
import type { ScimEnv } from "./scim-env.ts";

/** What is written: the segment of the path that names the resource type, and the resource's id, if it has one. */
export interface WriteAim {
  readonly segment: string;
  readonly id: string | null;
  readonly operation: WriteVerb;
}

/** Runs a write in the tenant's directory, and notes it in the journal when the directory refuses it. */
export function writeVerb<Result>(
  context: Context<ScimEnv>,
  { segment, id, operation }: WriteAim,
  verb: (directory: DirectoryContext, target: ResourceTarget) => Promise<Result>,
): Promise<Result> {
  return inDirectory(context, `${scopeOf(segment)}:write`, async (directory) => {
    const target = resourceTarget(directory, segment);
    try {
      return await verb(directory, target);
    } catch (error) {
      if (error instanceof ScimError && error.status < 500) {
        const resourceType = target.type.name;
        const refusal = { operation, resourceType, resourceId: id, error };
        const noted = recordRefusal(directory, refusal);
        context.executionCtx.waitUntil(noted.catch(() => undefined));
      }
      throw error;
    }
  });
}
