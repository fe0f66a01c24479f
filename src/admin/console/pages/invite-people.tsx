import type { Context, Hono } from "hono";

import type { SkipReason } from "../../../directory/invitations/decide-queueing.ts";
import { invitePeopleOperation } from "../../operations/invitations/invite-people.ts";
import { listUsersOperation } from "../../operations/users/list-users.ts";
import { ask } from "../ask.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { page } from "../page.tsx";
import { peopleOf } from "../parts/department-words.tsx";
import { SKIP_WORDS } from "../parts/invitation-words.ts";
import { Notice } from "../parts/notice.tsx";
import { PeoplePicker, chosenIn } from "../parts/people-picker.tsx";
import { runForm, type Shown } from "../run-form.ts";

const PATH = "/console/t/:slug/invitations/invite";

export function invitePeopleRoutes(app: Hono<ConsoleEnv>): void {
  app.get(PATH, (context) => invitePage(context));

  app.post(PATH, (context) =>
    runForm(
      context,
      {
        async chosen(form) {
          const params = context.req.param();
          const body = { userIds: chosenIn(form) };
          const invited = await ask(context, invitePeopleOperation, { params, body });
          return { once: <Invited {...invited} /> };
        },
      },
      (shown) => invitePage(context, shown),
    ),
  );
}

export function Invited({
  queued,
  skipped,
}: {
  queued: number;
  skipped: readonly { readonly reason: SkipReason }[];
}) {
  const reasons = [...Map.groupBy(skipped, ({ reason }) => reason)];
  return (
    <Notice tone={queued === 0 ? "warn" : "ok"}>
      <p>{peopleOf(queued)} invited: the invitations are queued, and due at once.</p>
      {reasons.length > 0 && (
        <p>
          Not invited:{" "}
          {reasons.map(([reason, some]) => `${some.length} ${SKIP_WORDS[reason]}`).join(", ")}.
        </p>
      )}
    </Notice>
  );
}

async function invitePage(context: Context<ConsoleEnv, typeof PATH>, shown: Shown = {}) {
  const slug = context.req.param("slug");
  const { q, cursor } = context.req.query();
  const query = { q, cursor };
  // Whoever is inactive is never invited.
  const people = await ask(context, listUsersOperation, {
    params: { slug },
    query: { ...query, active: "true" },
  });
  const path = `/console/t/${slug}/invitations`;
  return page(
    context,
    { title: "Invite people", slug, section: "invitations", refusal: shown.refusal },
    <>
      {shown.once}
      <p>
        Nobody is invited twice: whoever has an invitation already is passed over.{" "}
        <a href={path}>Back to the invitations</a>
      </p>
      <PeoplePicker
        view={context.var.view}
        slug={slug}
        path={`${path}/invite`}
        query={query}
        people={people}
        verb="Invite"
      />
    </>,
  );
}
