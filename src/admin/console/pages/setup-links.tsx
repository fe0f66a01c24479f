import type { Context, Hono } from "hono";

import { createSetupLinkOperation } from "../../operations/setup-links/create-setup-link.ts";
import { deleteSetupLinkOperation } from "../../operations/tokens/revoke-operations.ts";
import { listSetupLinksOperation } from "../../operations/setup-links/list-setup-links.ts";
import { ask } from "../ask.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { page } from "../page.tsx";
import { Confirm } from "../parts/confirm.tsx";
import { DataTable } from "../parts/data-table.tsx";
import { SelectField } from "../parts/field.tsx";
import { Badge } from "../parts/notice.tsx";
import { Pager } from "../parts/pager.tsx";
import { PostForm } from "../parts/post-form.tsx";
import { Secret } from "../parts/secret.tsx";
import { Time } from "../parts/time.tsx";
import { TokenTabs } from "../parts/token-tabs.tsx";
import { runForm, sentenceOf, type Shown } from "../run-form.ts";

const PATH = "/console/t/:slug/setup-links";
const LIVES = [
  ["72", "for three days"],
  ["24", "for a day"],
  ["168", "for a week"],
] as const;
const DONE = { revoked: "The link is revoked, with the session that it may have begun." };

export function setupLinksRoutes(app: Hono<ConsoleEnv>): void {
  app.get(PATH, (context) => linksPage(context));

  app.post(PATH, (context) => {
    const params = { slug: context.req.param("slug") };
    return runForm(
      context,
      {
        async create(form) {
          const body = { expiresInHours: Number(form.text("expiresInHours")) };
          const { url } = await ask(context, createSetupLinkOperation, { params, body });
          return { once: <Secret title="The link" values={{ "Send this": url }} /> };
        },
        async revoke(form) {
          await ask(context, deleteSetupLinkOperation, {
            params: { ...params, id: form.text("id") },
          });
          return "revoked";
        },
      },
      (shown) => linksPage(context, shown),
    );
  });
}

async function linksPage(context: Context<ConsoleEnv, typeof PATH>, shown: Shown = {}) {
  const slug = context.req.param("slug");
  const { view } = context.var;
  const query = { cursor: context.req.query("cursor") };
  const links = await ask(context, listSetupLinksOperation, { params: { slug }, query });
  const path = `/console/t/${slug}/setup-links`;
  const now = context.env.admin.clock.now();
  return page(
    context,
    {
      title: "Set-up links",
      slug,
      section: "tokens",
      done: sentenceOf(context, DONE),
      refusal: shown.refusal,
    },
    <>
      <TokenTabs view={view} slug={slug} tab="setup-links" />
      {shown.once}
      <p class="lead">
        Whoever looks after the customer's identity provider can connect it with such a link,
        without a key: make the token, read the guide, and watch the log. It works once and gives
        one hour.
      </p>
      <DataTable
        caption="Set-up links"
        columns={["Ends with", "Made", "Expires", "State", "Change"]}
        empty="There is no link yet."
        rows={links.items.map((link) => {
          const isOver = link.expiresAt !== null && Date.parse(link.expiresAt) <= now;
          return [
            <code>…{link.last4}</code>,
            <Time at={link.createdAt} />,
            <Time at={link.expiresAt} />,
            link.revokedAt !== null ? (
              <Badge tone="quiet">Revoked</Badge>
            ) : link.usedAt !== null ? (
              <>
                Used <Time at={link.usedAt} />
              </>
            ) : (
              <Badge tone={isOver ? "quiet" : "ok"}>{isOver ? "Expired" : "Unused"}</Badge>
            ),
            link.revokedAt === null && !(isOver && link.usedAt === null) && (
              <Confirm
                view={view}
                action={path}
                does="revoke"
                fields={{ id: link.id }}
                label="Revoke"
              />
            ),
          ];
        })}
      />
      <Pager path={path} query={query} nextCursor={links.nextCursor} />
      <h2>Create a link</h2>
      <PostForm view={view} action={path} does="create">
        <SelectField label="It can be opened" name="expiresInHours" options={LIVES} />
        <div class="actions">
          <button>Create</button>
        </div>
      </PostForm>
    </>,
  );
}
