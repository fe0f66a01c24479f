import * as z from "zod/mini";

import { withDepartments } from "../../../directory/people/with-departments.ts";
import { defineOperation, NO_INPUT } from "../../operation.ts";
import { PersonView, storedView } from "../../person-view.ts";
import { formerView, userView } from "../../user-view.ts";
import { inDirectory } from "../in-directory.ts";
import { noSuchUser, UserParams } from "./user-params.ts";

export const getUserOperation = defineOperation(
  {
    id: "getUser",
    method: "get",
    path: "/tenants/{slug}/users/{id}",
    status: 200,
    refusals: [404],
    params: UserParams,
    query: z.object({
      attributes: z
        .pipe(
          z._default(z.enum(["true", "false"]), "false"),
          z.transform((attributes) => attributes === "true"),
        )
        .check(z.describe("Whether to tell everything that is stored of the person.")),
    }),
    body: NO_INPUT,
    answer: PersonView,
  },
  ({ params, query }, deps, caller) =>
    inDirectory(params.slug, deps, caller, async (directory) => {
      const found = await directory.people.one(params.id);
      if (!found) return noSuchUser;
      const { settings } = directory;
      if (found.kind === "former") {
        const stored = query.attributes ? { stored: storedView(directory, found.person) } : {};
        return { kind: "done", answer: { ...formerView(found.person, settings), ...stored } };
      }
      const [user = found.user] = await withDepartments(directory, [found.user]);
      const view = userView(user, settings);
      if (!query.attributes) return { kind: "done", answer: view };
      const adoptedFrom =
        user.adoptedAt === null ? undefined : await directory.people.adoptedFrom(user.id);
      return {
        kind: "done",
        answer: { ...view, stored: storedView(directory, user, adoptedFrom) },
      };
    }),
);
