import type { Context, Hono } from "hono";
import type * as z from "zod/mini";

import { INVITATION_STATES } from "../../../directory/invitations/invitation.ts";
import type { InvitationView } from "../../invitation-view.ts";
import {
  acceptInvitationOperation,
  cancelInvitationOperation,
  resendInvitationOperation,
} from "../../operations/invitations/change-invitation.ts";
import { listInvitationsOperation } from "../../operations/invitations/list-invitations.ts";
import { getTenantOperation } from "../../operations/tenants/get-tenant.ts";
import { ask } from "../ask.ts";
import type { ConsoleEnv, View } from "../console-env.ts";
import type { Form } from "../form.ts";
import { page } from "../page.tsx";
import { DataTable } from "../parts/data-table.tsx";
import { SelectField } from "../parts/field.tsx";
import { errorInWords, STATE_WORDS, wordsOf } from "../parts/invitation-words.ts";
import { Badge, Notice } from "../parts/notice.tsx";
import { Pager, withQuery } from "../parts/pager.tsx";
import { PostForm } from "../parts/post-form.tsx";
import { Time } from "../parts/time.tsx";
import { runForm, sentenceOf, type Shown } from "../run-form.ts";

type Invitation = z.infer<typeof InvitationView>;

const PATH = "/console/t/:slug/invitations";
const DONE = {
  resent: "The invitation is queued and is sent within minutes.",
  cancelled: "The invitation is cancelled.",
  accepted: "The invitation is marked as accepted: the person is never invited again.",
};
const STATES = [
  ["", "all"],
  ...INVITATION_STATES.map((state) => [state, STATE_WORDS[state].text] as const),
] as const;

export function invitationsRoutes(app: Hono<ConsoleEnv>): void {
  app.get(PATH, (context) => invitationsPage(context));

  app.post(PATH, (context) => {
    const { slug } = context.req.param();
    const { state, cursor } = context.req.query();
    const change =
      (operation: typeof resendInvitationOperation, done: keyof typeof DONE) =>
      async (form: Form) => {
        await ask(context, operation, { params: { slug, id: form.text("id") } });
        const list = `/console/t/${slug}/invitations`;
        return context.redirect(withQuery(list, { state, cursor, done }), 303);
      };
    return runForm(
      context,
      {
        resend: change(resendInvitationOperation, "resent"),
        cancel: change(cancelInvitationOperation, "cancelled"),
        accept: change(acceptInvitationOperation, "accepted"),
      },
      (shown) => invitationsPage(context, shown),
    );
  });
}

async function invitationsPage(context: Context<ConsoleEnv, typeof PATH>, { refusal }: Shown = {}) {
  const slug = context.req.param("slug");
  const { view } = context.var;
  const params = { slug };
  const { state, cursor } = context.req.query();
  const query = { state, cursor };
  const [{ settings }, invitations] = await Promise.all([
    ask(context, getTenantOperation, { params }),
    ask(context, listInvitationsOperation, { params, query }),
  ]);
  const path = `/console/t/${slug}/invitations`;
  const isOff = settings.invitations === "off";
  return page(
    context,
    {
      title: "Invitations",
      slug,
      section: "invitations",
      done: sentenceOf(context, DONE),
      refusal,
    },
    <>
      <Notice {...(isOff && { tone: "warn" as const })}>
        {wordsOf(settings)}
        {view.may("updateTenant") && (
          <>
            {" "}
            <a href={`/console/t/${slug}/settings`}>Settings</a>
          </>
        )}
        {!isOff && !context.env.admin.sendsMail && (
          <p>
            This deployment sends no mail: invitations stay queued, and the product that follows the
            log invites the person and tells when they have accepted.
          </p>
        )}
      </Notice>
      {!isOff && view.may("invitePeople") && (
        <p>
          <a class="button" href={`${path}/invite`}>
            Invite people
          </a>
        </p>
      )}
      <form class="inline">
        <SelectField label="State" name="state" options={STATES} value={state} />
        <button class="quiet">Show</button>
      </form>
      <DataTable
        caption="Invitations"
        columns={["Person", "State", "Last error", "Change"]}
        empty={
          invitations.nextCursor !== null
            ? "None on this page: the search goes on with the next one."
            : state
              ? "No invitation is in this state."
              : "Nobody has been invited yet."
        }
        rows={invitations.items.map((invitation) => [
          <a href={`/console/t/${slug}/people/${invitation.userId}`}>
            {invitation.email ?? invitation.userId}
          </a>,
          <State invitation={invitation} />,
          invitation.lastError !== null && errorInWords(invitation.lastError),
          <Changes view={view} action={withQuery(path, query)} invitation={invitation} />,
        ])}
      />
      <Pager path={path} query={query} nextCursor={invitations.nextCursor} />
    </>,
  );
}

function State({ invitation }: { invitation: Invitation }) {
  const { state, dueAt, sentAt, attempts } = invitation;
  return (
    <>
      <Badge tone={STATE_WORDS[state].tone}>{STATE_WORDS[state].text}</Badge>
      {state === "queued" && (
        <>
          {" due "}
          <Time at={dueAt} />
        </>
      )}
      {sentAt !== null && (
        <>
          {state === "sent" ? " " : " sent "}
          <Time at={sentAt} />
        </>
      )}
      {attempts > 0 && ` (attempts: ${attempts})`}
    </>
  );
}

/** What may be done in which state, as `decideChange` has it: the others are not offered. */
function Changes({
  view,
  action,
  invitation: { id, state },
}: {
  view: View;
  action: string;
  invitation: Invitation;
}) {
  if (state === "accepted") return null;
  return (
    <PostForm view={view} action={action} class="actions">
      <input type="hidden" name="id" value={id} />
      {view.may("resendInvitation") && (
        <button class="quiet" name="does" value="resend">
          {state === "queued" ? "Send now" : "Send again"}
        </button>
      )}
      {state === "queued" && view.may("cancelInvitation") && (
        <button class="quiet" name="does" value="cancel">
          Cancel
        </button>
      )}
      {view.may("acceptInvitation") && (
        <button class="quiet" name="does" value="accept">
          Mark as accepted
        </button>
      )}
    </PostForm>
  );
}
