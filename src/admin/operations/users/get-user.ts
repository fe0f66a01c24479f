import { withDepartments } from "../../../directory/people/with-departments.ts";
import { defineOperation, NO_INPUT } from "../../operation.ts";
import { formerView, UserView, userView } from "../../user-view.ts";
import { inDirectory } from "../in-directory.ts";
import { noSuchUser, UserParams } from "./user-params.ts";

export const getUserOperation = defineOperation(
  {
    id: "getUser",
    method: "get",
    path: "/tenants/{slug}/users/{id}",
    summary: "Read a person, also one who was soft-deleted",
    principals: ["operator"],
    status: 200,
    refusals: [404],
    params: UserParams,
    query: NO_INPUT,
    body: NO_INPUT,
    answer: UserView,
  },
  ({ params }, deps, caller) =>
    inDirectory(params.slug, deps, caller, async (directory) => {
      const found = await directory.people.one(params.id);
      if (!found) return noSuchUser;
      const { settings } = directory;
      if (found.kind === "former") {
        return { kind: "done", answer: formerView(found.person, settings) };
      }
      const [user = found.user] = await withDepartments(directory, [found.user]);
      return { kind: "done", answer: userView(user, settings) };
    }),
);
