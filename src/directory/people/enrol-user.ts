import * as z from "zod/mini";

import { clash } from "../clash-error.ts";
import { changeBy, type DirectoryContext } from "../context.ts";
import { keyWrites, typeNamed } from "../key-writes.ts";
import type { Plan, UserRecord } from "../ports.ts";
import { readBack } from "../read-back.ts";
import { retryStale, STALE } from "../retry-stale.ts";
import { departmentWrites } from "./user-draft.ts";
import { userKeys } from "./user-keys.ts";
import { handOutcome, type HandOutcome } from "./hand-outcome.ts";
import { documentOf, PersonFields } from "./person-fields.ts";
import { toldDiff } from "../told-diff.ts";

export const EnrolUserInput = z.required(PersonFields, { email: true });
export type EnrolUserInput = z.infer<typeof EnrolUserInput>;

/**
 * Enrols a person by hand. SCIM may find and adopt them later, as the tenant says; until then they are ours.
 * Conflict when somebody has the userName, or an email that may not be shared.
 */
export const enrolUser = (
  context: DirectoryContext,
  input: EnrolUserInput,
): Promise<HandOutcome<UserRecord>> =>
  handOutcome(async () => {
    const type = typeNamed(context, "User");
    const document = documentOf(input, type);
    const user = {
      id: context.ids.next(),
      document,
      keys: userKeys(document, context.settings),
      origin: "manual",
      adoptedAt: null,
      adoptedBy: null,
      deactivatedByHand: false,
      predecessorId: null,
    } as const;
    const plan: Plan = {
      writes: [
        ...departmentWrites(undefined, user.keys, () => context.ids.next()),
        { kind: "insert-user", user },
        ...keyWrites(type, user.id, undefined, document),
      ],
      change: changeBy(context, {
        operation: "create",
        resourceType: "User",
        resourceId: user.id,
        status: 201,
        diff: toldDiff(type, {}, document),
      }),
      show: user.id,
    };
    return retryStale<UserRecord>(context, async () => {
      const outcome = await context.store.commit(plan);
      if (outcome.kind === "duplicate") throw clash(outcome.attribute);
      if (outcome.kind !== "committed") return STALE;
      return outcome.shown ?? (await readBack(() => context.store.user(user.id, { groups: true })));
    });
  });
