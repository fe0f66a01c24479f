import type { Context } from "hono";

import type { DirectoryContext } from "../directory/context.ts";
import { namesIn } from "../directory/names-in.ts";
import { recordRefusal, type WriteVerb } from "../directory/record-refusal.ts";
import type { JsonValue } from "../scim/json.ts";
import { inDirectory } from "./in-directory.ts";
import {
  resourceTarget,
  scopeOf,
  typeAt,
  type ResourceTarget,
} from "./resources/resource-target.ts";
import type { ScimEnv } from "./scim-env.ts";

/** What is written: the segment of the path that names the resource type, and the resource's id, if it has one. */
export interface WriteAim {
  readonly segment: string;
  readonly id: string | null;
  readonly operation: WriteVerb;
  /** What a create was given; the verb has asked for it before it can refuse anything. */
  readonly body?: () => Promise<JsonValue>;
  /** Of an operation that is one of several in a request. */
  readonly requestId?: string;
}

/** Runs a write in the tenant's directory, and notes it in the journal when it is refused. */
export function writeVerb<Result>(
  context: Context<ScimEnv>,
  { segment, id, operation, body, requestId = context.var.requestId }: WriteAim,
  verb: (directory: DirectoryContext, target: ResourceTarget) => Promise<Result>,
): Promise<Result> {
  return inDirectory(
    context,
    `${scopeOf(segment)}:write`,
    async (directory) => verb({ ...directory, requestId }, resourceTarget(directory, segment)),
    (directory, error, by) => {
      const type = typeAt(directory, segment);
      // What a verb answers 503 to is sent again, and where it is a matter of the tenant an alert tells it.
      if (!type || (by === "verb" && error.status >= 500)) return;
      const note = async () => {
        const given = by === "verb" ? await body?.().catch(() => undefined) : undefined;
        await recordRefusal(
          { ...directory, requestId },
          {
            operation,
            resourceType: type.name,
            resourceId: id,
            names: namesIn(type, given),
            error,
            of: by === "verb" ? "resource" : "tenant",
          },
        );
      };
      context.executionCtx.waitUntil(note().catch(() => undefined));
    },
  );
}
