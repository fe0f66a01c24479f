import * as z from "zod/mini";

import type { JsonObject } from "../../scim/json.ts";
import { Label } from "../../tenancy/label.ts";
import type { DirectoryContext } from "../context.ts";
import type { MatchedBy } from "./decide-match.ts";
import { fieldsOf } from "./person-fields.ts";
import { likenessKeys, nearDuplicate, type Likeness } from "./near-duplicates.ts";
import { plannedCreates, type CreateOutcome } from "./planned-creates.ts";
import type { LikePerson } from "./ports.ts";

const LOOKED_UP_TOGETHER = 500;
const COMPARED_TOGETHER = 5_000;
/** A common name has many bearers; a few tell that there is something to look at. */
const MAX_NEAR = 5;

/** Somebody whom the identity provider is going to send. */
export const PlannedPerson = z.strictObject({
  userName: Label,
  email: z.optional(z.email("This is not an email address.").check(z.maxLength(254))),
  externalId: z.optional(Label),
  givenName: z.optional(Label),
  familyName: z.optional(Label),
});
export type PlannedPerson = z.infer<typeof PlannedPerson>;

/** Somebody who is here, as a report shows them. */
export type ExistingPerson = Omit<LikePerson, "emails">;

/** What provisioning of the planned people would do, each of them in one list. */
export interface PreflightReport<Planned> {
  readonly match: {
    readonly planned: Planned;
    readonly existing: ExistingPerson;
    readonly by: MatchedBy;
    readonly action: "adopt" | "reactivate";
  }[];
  readonly create: { readonly planned: Planned }[];
  /** They would be created, though somebody like them is here. At most 5 entries for one of them. */
  readonly nearDuplicate: {
    readonly planned: Planned;
    readonly existing: ExistingPerson;
    readonly why: string;
  }[];
  /** The identity provider would be refused. */
  readonly conflict: { readonly planned: Planned; readonly reason: string }[];
}

/**
 * Tells what a first sync would do before it does, in the order of the plan: by the decision that a POST takes,
 * one after the other. Reads everybody of the tenant in pages when somebody is to be created; writes nothing.
 */
export async function preflight<Planned extends PlannedPerson>(
  context: DirectoryContext,
  planned: readonly Planned[],
): Promise<PreflightReport<Planned>> {
  const report: PreflightReport<Planned> = {
    match: [],
    create: [],
    nearDuplicate: [],
    conflict: [],
  };
  const creates = plannedCreates(context);
  const anew: Planned[] = [];
  for (let at = 0; at < planned.length; at += LOOKED_UP_TOGETHER) {
    const together = planned.slice(at, at + LOOKED_UP_TOGETHER);
    const outcomes = await creates.next(together.map(documentOf));
    for (const [index, outcome] of outcomes.entries()) {
      const person = together[index];
      if (person !== undefined && file(report, person, outcome)) anew.push(person);
    }
  }
  const near = await nearPeople(context, anew);
  for (const person of anew) {
    const found = near.get(person);
    if (found) report.nearDuplicate.push(...found.map((one) => ({ planned: person, ...one })));
    else report.create.push({ planned: person });
  }
  return report;
}

/** As an identity provider would send them. */
function documentOf({
  userName,
  email,
  externalId,
  givenName,
  familyName,
}: PlannedPerson): JsonObject {
  return {
    userName,
    ...(externalId !== undefined && { externalId }),
    ...(email !== undefined && { emails: [{ value: email, type: "work", primary: true }] }),
    ...((givenName !== undefined || familyName !== undefined) && {
      name: { givenName: givenName ?? null, familyName: familyName ?? null },
    }),
  };
}

/** Puts the outcome where it belongs; true for somebody who would be created. */
function file<Planned>(
  report: PreflightReport<Planned>,
  planned: Planned,
  outcome: CreateOutcome,
): boolean {
  switch (outcome.kind) {
    case "create":
      return true;
    case "refused":
      report.conflict.push({ planned, reason: outcome.reason });
      return false;
    case "match": {
      const { person, by, action } = outcome;
      const { department: _, ...fields } = fieldsOf(person);
      const { id, origin, active } = person;
      report.match.push({ planned, existing: { id, ...fields, origin, active }, by, action });
      return false;
    }
  }
}

type Near = { readonly existing: ExistingPerson; readonly why: string };

/** Compares those who would be created with everybody who is here, a page at a time. */
async function nearPeople<Planned extends PlannedPerson>(
  context: DirectoryContext,
  anew: readonly Planned[],
): Promise<Map<Planned, Near[]>> {
  const near = new Map<Planned, Near[]>();
  if (anew.length === 0) return near;
  const keyed = anew.flatMap((person) =>
    likenessKeys(likenessOf(person)).map((key) => ({ key, person })),
  );
  const byKey = Map.groupBy(keyed, ({ key }) => key);
  let cursor: string | undefined;
  do {
    const page = await context.people.likenesses({ limit: COMPARED_TOGETHER, cursor });
    for (const like of page.items) {
      const { emails: _, ...existing } = like;
      const hits = likenessKeys(like).flatMap((key) => byKey.get(key) ?? []);
      for (const person of new Set(hits.map((hit) => hit.person))) {
        const found = near.get(person) ?? [];
        const why = found.length < MAX_NEAR ? nearDuplicate(likenessOf(person), like) : undefined;
        if (why !== undefined) near.set(person, [...found, { existing, why }]);
      }
    }
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return near;
}

const likenessOf = ({
  userName,
  email,
  externalId,
  givenName,
  familyName,
}: PlannedPerson): Likeness => ({
  userName,
  emails: email === undefined ? [] : [email],
  externalId: externalId ?? null,
  givenName: givenName ?? null,
  familyName: familyName ?? null,
});
