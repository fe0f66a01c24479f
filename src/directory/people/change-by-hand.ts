import { conflict } from "../../scim/error.ts";
import type { JsonObject } from "../../scim/json.ts";
import { changeUser } from "../change-user.ts";
import type { DirectoryContext } from "../context.ts";
import { emailOf } from "../email-of.ts";
import { typeNamed } from "../key-writes.ts";
import type { UserRecord } from "../ports.ts";
import { handOutcome, type HandOutcome } from "./hand-outcome.ts";
import { isOneOf } from "../../tenancy/is-one-of.ts";
import { mayByHand, provenanceOf } from "./may-by-hand.ts";
import { newsIn, withFields, type PersonChange } from "./person-fields.ts";

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
