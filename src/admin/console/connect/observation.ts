import type { ChangeView } from "../../change-view.ts";

type Seen = Pick<
  ChangeView,
  "actor" | "operation" | "resourceType" | "outcome" | "status" | "reason" | "advice"
>;

const VERBS: Readonly<Record<string, string>> = {
  create: "created",
  adopt: "took over",
  reactivate: "brought back",
  activate: "activated",
  deactivate: "deactivated",
  replace: "changed",
  patch: "changed",
  rename: "renamed",
  delete: "deleted",
};

const THINGS: Readonly<Record<string, string>> = { User: "a person", Group: "a group" };

/**
 * What a row of the journal tells somebody who is setting the connection up, in a sentence; undefined for what no
 * identity provider has done. `idp` is what the requests look like, where that is known.
 */
export function observationOf(change: Seen, idp: string | null): string | undefined {
  const { actor, operation, resourceType, outcome, status, reason, advice } = change;
  if (actor.kind !== "token") return undefined;
  const who = idp ?? "Your identity provider";
  if (operation === "token") {
    // The words of the row itself: what was read, and that nobody is here yet.
    return reason?.includes("searched")
      ? `${who} asked for somebody who does not exist and got an empty list: the credentials are right.`
      : `${who} read from the directory: the credentials are right.`;
  }
  const thing = THINGS[resourceType] ?? `a ${resourceType}`;
  if (outcome === "applied") return `${who} ${VERBS[operation] ?? "changed"} ${thing}.`;
  return `${who} wanted to change ${thing} and was refused (${status}). ${advice ?? reason ?? ""}`.trim();
}
