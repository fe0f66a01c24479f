import * as z from "zod";

import { diffDocuments } from "../journal/diff-documents.ts";
import type { JsonObject } from "../scim/json.ts";
import { readResource } from "../scim/resource.ts";
import { ENTERPRISE_USER_SCHEMA } from "../scim/schema/enterprise-user.ts";
import { USER } from "../scim/schema/resource-types.ts";
import { changeBy, type DirectoryContext } from "./context.ts";
import { keyWrites, typeNamed } from "./key-writes.ts";
import type { UserRecord } from "./ports.ts";
import { departmentWrites, withActive } from "./user-draft.ts";
import { userKeys } from "./user-keys.ts";

const Text = z.string().trim().min(1).max(256);

export const EnrolUserInput = z.strictObject({
  email: z.email().max(254),
  userName: Text.optional(),
  givenName: Text.optional(),
  familyName: Text.optional(),
  displayName: Text.optional(),
  department: Text.optional(),
});
export type EnrolUserInput = z.infer<typeof EnrolUserInput>;

function documentOf(input: EnrolUserInput): JsonObject {
  const { email, userName, givenName, familyName, displayName, department } = input;
  const name = [givenName, familyName].filter((part) => part !== undefined).join(" ");
  const document: JsonObject = {
    userName: userName ?? email,
    displayName: displayName ?? (name || null),
    name: { givenName: givenName ?? null, familyName: familyName ?? null },
    emails: [{ value: email, type: "work", primary: true }],
    [ENTERPRISE_USER_SCHEMA.id]: { department: department ?? null },
  };
  return withActive(readResource(document, USER), true);
}

/** Enrols a person by hand. SCIM may find and adopt them later, as the tenant says; until then they are ours. */
export async function enrolUser(
  context: DirectoryContext,
  input: EnrolUserInput,
): Promise<
  { kind: "enrolled"; user: UserRecord } | { kind: "duplicate"; attribute: "userName" | "email" }
> {
  const document = documentOf(input);
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
  const outcome = await context.store.commit({
    writes: [
      ...departmentWrites(undefined, user.keys, () => context.ids.next()),
      { kind: "insert-user", user },
      ...keyWrites(typeNamed(context, "User"), user.id, undefined, document),
    ],
    change: changeBy(context, {
      operation: "create",
      resourceType: "User",
      resourceId: user.id,
      status: 201,
      diff: diffDocuments({}, document),
    }),
  });
  if (outcome.kind === "duplicate") {
    return { kind: "duplicate", attribute: outcome.attribute === "emails" ? "email" : "userName" };
  }
  const stored = await context.store.user(user.id, { groups: true });
  if (!stored) throw new Error("A person who was just enrolled is not there.");
  return { kind: "enrolled", user: stored };
}
