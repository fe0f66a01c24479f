import * as z from "zod/mini";

import { conflict } from "../../scim/error.ts";
import type { JsonObject } from "../../scim/json.ts";
import { changeUser } from "./change-user.ts";
import type { DirectoryContext } from "../context.ts";
import { emailOf } from "./email-of.ts";
import { typeNamed } from "../key-writes.ts";
import type { UserRecord } from "../ports.ts";
import { handOutcome, type HandOutcome } from "./hand-outcome.ts";
import { mayByHand, provenanceOf } from "./may-by-hand.ts";
import { newsIn, PersonChange, withFields } from "./person-fields.ts";

/**
 * Changes what an administrator may change of a person; values that are so already do not count, so that a form
 * may send all of them. Conflict, and nothing is changed: an attribute is the identity provider's, or a userName
 * or email is somebody else's.
 */
export const changeByHand = (
  context: DirectoryContext,
  id: string,
  change: PersonChange,
): Promise<HandOutcome<UserRecord>> =>
  handOutcome(() =>
    changeUser(context, id, {
      verb: "patch",
      precondition: () => true,
      show: true,
      deactivates: change.active === false,
      compute(document, user) {
        const news = newsIn(user, change);
        requireOwnership(user, news);
        const next = withFields(document, news, typeNamed(context, "User"));
        requireEmail(context, news, next);
        return next;
      },
    }),
  );

function requireOwnership(user: UserRecord, news: PersonChange): void {
  const provenance = provenanceOf(user);
  const foreign = z
    .keyof(PersonChange)
    .options.filter(
      (name) => news[name] !== undefined && mayByHand(provenance, name) !== "allowed",
    );
  if (foreign.length === 0) return;
  const undo = provenance === "adopted" ? ", or undo the adoption of this person first" : "";
  throw conflict(
    `The identity provider manages this person and owns ${foreign.join(", ")}. Change that there${undo}.`,
  );
}

/** Where the product's email is the userName, another address would be stored and never used. */
function requireEmail({ settings }: DirectoryContext, { email }: PersonChange, next: JsonObject) {
  if (typeof email !== "string" || emailOf(next, settings.email).email === email) return;
  throw conflict(
    "In this tenant a person's email is their userName (setting email). Change the userName instead.",
  );
}
