import type * as z from "zod/mini";

import type { Settings } from "../../../tenancy/settings.ts";
import type { UserView } from "../../user-view.ts";

type Person = z.infer<typeof UserView>;

/** Where the product's address comes from. */
export const EMAIL_RULES: Readonly<Record<Person["emailRule"], string>> = {
  work: "their work address",
  primary: "their primary address, as there is none for work",
  first: "the only address there is",
  userName: "their user name, as the product takes it for the email",
  none: "no address was given, and the user name is none",
};

const ADOPTED_BY = new Map([
  ["admin", "by an administrator"],
  ["id", "when the identity provider changed them"],
  ["userName", "because the user name fitted"],
  ["email", "because the email fitted"],
  ["externalId", "because the external id fitted"],
]);

export const adoptedBy = (key: string | null): string => ADOPTED_BY.get(key ?? "") ?? "";

/** Who says what a person is called. */
export function originText({ origin, adoptedAt }: Person): string {
  if (origin === "manual") return "Enrolled by hand: yours to change.";
  return adoptedAt === null
    ? "Sent by the identity provider, which says what they are called."
    : "Enrolled by hand and adopted: the identity provider says what they are called.";
}

/** What deleting somebody does by the tenant's settings. */
export const deletionText = ({ onDelete }: Pick<Settings, "onDelete">): string =>
  onDelete === "erase"
    ? "Nothing of them is kept, as the setting onDelete says. This cannot be undone."
    : "They are gone for the identity provider, and their user name is free. A record is kept for the history, and whoever comes back begins anew.";
