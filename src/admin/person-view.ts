import * as z from "zod/mini";

import type { DirectoryContext } from "../directory/context.ts";
import { isHidden } from "../directory/is-hidden.ts";
import { diffDocuments } from "../journal/diff-documents.ts";
import type { UserRecord } from "../directory/ports.ts";
import { UserView } from "./user-view.ts";

const Stored = z.object({
  attributes: z.array(
    z.object({
      attribute: z
        .string()
        .check(z.describe("As SCIM names it, that of an extension with its URN.")),
      value: z.unknown(),
      source: z
        .enum(["scim", "manual"])
        .check(
          z.describe("Who said so: behind an adoption, by hand is what nobody has changed since."),
        ),
    }),
  ),
  deactivatedByHand: z
    .boolean()
    .check(z.describe("An administrator deactivated them, which provisioning does not overrule.")),
});
type Stored = z.infer<typeof Stored>;

/** One person and, where it was asked for, all that is stored of them. */
export const PersonView = z.extend(UserView, {
  stored: z
    .optional(Stored)
    .check(z.describe("With attributes=true: every attribute of the person.")),
});

type Document = UserRecord["document"];

/** `adoptedFrom`: the document from before the adoption. What the tenant's schemas never return is left out. */
export function storedView(
  { types }: Pick<DirectoryContext, "types">,
  {
    document,
    origin,
    deactivatedByHand = false,
  }: Pick<UserRecord, "document" | "origin"> & Partial<Pick<UserRecord, "deactivatedByHand">>,
  adoptedFrom: Document = {},
): Stored {
  const isShown = (attribute: string) =>
    !types.some((type) => type.name === "User" && isHidden(type, attribute));
  const flat = (one: Document) =>
    new Map(
      diffDocuments({}, one)
        .filter(({ attribute }) => isShown(attribute))
        .map(({ attribute, after }) => [attribute, after]),
    );
  const old = flat(adoptedFrom);
  const isOld = (attribute: string, value: unknown) =>
    old.has(attribute) && JSON.stringify(old.get(attribute)) === JSON.stringify(value);
  const attributes = [...flat(document)].map(([attribute, value]) => {
    const source = origin === "manual" || isOld(attribute, value) ? "manual" : "scim";
    return { attribute, value, source } as const;
  });
  return { attributes, deactivatedByHand };
}
