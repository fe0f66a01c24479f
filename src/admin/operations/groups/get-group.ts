import { GroupView, groupView } from "../../group-view.ts";
import { defineOperation, NO_INPUT } from "../../operation.ts";
import { inDirectory } from "../in-directory.ts";
import { GroupParams, noSuchGroup } from "./group-params.ts";

export const getGroupOperation = defineOperation(
  {
    id: "getGroup",
    method: "get",
    path: "/tenants/{slug}/groups/{id}",
    status: 200,
    refusals: [404],
    params: GroupParams,
    query: NO_INPUT,
    body: NO_INPUT,
    answer: GroupView,
  },
  ({ params }, deps, caller) =>
    inDirectory(params.slug, deps, caller, async ({ groups, settings }) => {
      const group = await groups.byId(params.id);
      return group ? { kind: "done", answer: groupView(group, settings) } : noSuchGroup;
    }),
);
