import * as z from "zod";

import { diffDocuments } from "../journal/diff-documents.ts";
import type { UserRecord } from "../directory/ports.ts";
import { UserView } from "./user-view.ts";

/** One person with all that is stored of them. */
export const PersonView = UserView.extend({
  attributes: z
    .array(
      z.object({
        attribute: z.string().describe("As SCIM names it, that of an extension with its URN."),
        value: z.unknown(),
        source: z
          .enum(["scim", "manual"])
          .describe("Who said so; after an adoption by hand what the provider has not changed."),
      }),
    )
    .describe("Everything that is stored of the person."),
  deactivatedByHand: z
    .boolean()
    .describe("An administrator deactivated them, which provisioning does not overrule."),
});
export type PersonView = z.infer<typeof PersonView>;

type Document = UserRecord["document"];

/** The attributes of a document with their source. `before`: the document from before the adoption. */
export function attributesOf(
  document: Document,
  origin: UserRecord["origin"],
  before: Document = {},
): PersonView["attributes"] {
  const flat = (one: Document) =>
    new Map(diffDocuments({}, one).map(({ attribute, after }) => [attribute, after]));
  const old = flat(before);
  const isOld = (attribute: string, value: unknown) =>
    old.has(attribute) && JSON.stringify(old.get(attribute)) === JSON.stringify(value);
  return [...flat(document)].map(([attribute, value]) => ({
    attribute,
    value,
    source: origin === "manual" || isOld(attribute, value) ? "manual" : "scim",
  }));
}
