import { withDepartments } from "../../../directory/people/with-departments.ts";
import { defineOperation, NO_INPUT } from "../../operation.ts";
import { attributesOf, PersonView } from "../../person-view.ts";
import { formerView, userView } from "../../user-view.ts";
import { inDirectory } from "../in-directory.ts";
import { noSuchUser, UserParams } from "./user-params.ts";

export const getUserOperation = defineOperation(
  {
    id: "getUser",
    method: "get",
    path: "/tenants/{slug}/users/{id}",
    summary: "Read a person, also one who was soft-deleted",
    status: 200,
    refusals: [404],
    params: UserParams,
    query: NO_INPUT,
    body: NO_INPUT,
    answer: PersonView,
  },
  ({ params }, deps, caller) =>
    inDirectory(params.slug, deps, caller, async (directory) => {
      const found = await directory.people.one(params.id);
      if (!found) return noSuchUser;
      const { settings } = directory;
      if (found.kind === "former") {
        const { document, origin } = found.person;
        const attributes = attributesOf(document, origin);
        const view = formerView(found.person, settings);
        return { kind: "done", answer: { ...view, attributes, deactivatedByHand: false } };
      }
      const [user = found.user] = await withDepartments(directory, [found.user]);
      const { adoptedAt, document, origin, deactivatedByHand } = user;
      const before = adoptedAt === null ? undefined : await directory.people.adoptedFrom(params.id);
      const attributes = attributesOf(document, origin, before);
      return {
        kind: "done",
        answer: { ...userView(user, settings), attributes, deactivatedByHand },
      };
    }),
);
