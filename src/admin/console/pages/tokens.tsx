import type { Context, Hono } from "hono";

import { issueTokenOperation } from "../../operations/tokens/issue-token.ts";
import { listTokensOperation } from "../../operations/tokens/list-tokens.ts";
import { revokeTokenOperation } from "../../operations/tokens/revoke-operations.ts";
import { rotateTokenOperation } from "../../operations/tokens/rotate-token.ts";
import { getTenantOperation } from "../../operations/tenants/get-tenant.ts";
import type { TokenView } from "../../token-view.ts";
import { ask } from "../ask.ts";
import type { ConsoleEnv, View } from "../console-env.ts";
import { page } from "../page.tsx";
import { Confirm } from "../parts/confirm.tsx";
import { DataTable } from "../parts/data-table.tsx";
import { SelectField, TextField } from "../parts/field.tsx";
import { Badge, Notice } from "../parts/notice.tsx";
import { Pager } from "../parts/pager.tsx";
import { PostForm } from "../parts/post-form.tsx";
import { ScopesField } from "../parts/scopes-field.tsx";
import { Secret } from "../parts/secret.tsx";
import { Time } from "../parts/time.tsx";
import { TokenTabs } from "../parts/token-tabs.tsx";
import { runForm, sentenceOf, type Shown } from "../run-form.ts";

const PATH = "/console/t/:slug/tokens";
const DAY_MS = 86_400_000;
const LIVES = [
  ["365", "in one year"],
  ["90", "in 90 days"],
  ["730", "in two years"],
  ["", "never"],
] as const;
const OVERLAPS = [
  ["168", "for another 7 days"],
  ["24", "for another day"],
  ["720", "for another 30 days"],
  ["0", "not any more: the token has leaked"],
] as const;
const DONE = { revoked: "The token is revoked, from the next request on." };

export function tokensRoutes(app: Hono<ConsoleEnv>): void {
  app.get(PATH, (context) => tokensPage(context));

  app.post(PATH, (context) => {
    const params = { slug: context.req.param("slug") };
    const ofToken = (id: string) => ({ ...params, id });
    return runForm(
      context,
      {
        async issue(form) {
          const tenant = await ask(context, getTenantOperation, { params });
          const expiresAt = expiryOf(form.text("days"), context.env.admin.clock.now());
          const body = { name: form.text("name"), scopes: form.all("scopes"), expiresAt };
          const { token } = await ask(context, issueTokenOperation, { params, body });
          return {
            once: <NewToken title="Your new token" scimUrl={tenant.scimUrl} token={token} />,
          };
        },
        async rotate(form) {
          const tenant = await ask(context, getTenantOperation, { params });
          const body = { overlapHours: Number(form.text("overlapHours")) };
          const { token } = await ask(context, rotateTokenOperation, {
            params: ofToken(form.text("id")),
            body,
          });
          return {
            once: <NewToken title="The successor" scimUrl={tenant.scimUrl} token={token} />,
          };
        },
        async revoke(form) {
          await ask(context, revokeTokenOperation, { params: ofToken(form.text("id")) });
          return "revoked";
        },
      },
      (shown) => tokensPage(context, shown),
    );
  });
}

const NewToken = ({ title, scimUrl, token }: { title: string; scimUrl: string; token: string }) => (
  <Secret title={title} values={{ "Tenant URL": scimUrl, Token: token }} />
);

const expiryOf = (days: string, now: number): string | null =>
  days === "" ? null : new Date(now + Number(days) * DAY_MS).toISOString();

async function tokensPage(context: Context<ConsoleEnv, typeof PATH>, shown: Shown = {}) {
  const slug = context.req.param("slug");
  const { view } = context.var;
  const query = { cursor: context.req.query("cursor") };
  const [tenant, tokens] = await Promise.all([
    ask(context, getTenantOperation, { params: { slug } }),
    ask(context, listTokensOperation, { params: { slug }, query }),
  ]);
  const path = `/console/t/${slug}/tokens`;
  const { ssoRequired, ssoActive } = tenant.settings;
  const now = context.env.admin.clock.now();
  return page(
    context,
    {
      title: "Tokens",
      slug,
      section: "tokens",
      done: sentenceOf(context, DONE),
      refusal: shown.refusal,
    },
    <>
      <TokenTabs view={view} slug={slug} tab="tokens" />
      {shown.once}
      {ssoRequired && !ssoActive && (
        <Notice tone="warn">
          This tenant requires single sign-on, and it is not active yet: no token can be issued,
          because people who are provisioned now could not sign in. Tokens that exist go on working.
        </Notice>
      )}
      <DataTable
        caption="SCIM tokens"
        columns={["Name", "Ends with", "State", "Made", "Expires", "Last used", "Change"]}
        empty="There is no token yet. Create one below and paste it into your identity provider."
        rows={tokens.items.map((token) => [
          token.name,
          <code>…{token.last4}</code>,
          <TokenState token={token} now={now} />,
          <Time at={token.createdAt} />,
          <Time at={token.expiresAt} />,
          <>
            <Time at={token.lastUsedAt} />
            {token.lastUsedBy !== null && ` by ${token.lastUsedBy}`}
          </>,
          isLive(token, now) && <TokenActions view={view} path={path} token={token} />,
        ])}
      />
      <Pager path={path} query={query} nextCursor={tokens.nextCursor} />
      <h2>Create a token</h2>
      <PostForm view={view} action={path} does="issue">
        <TextField
          label="Name"
          name="name"
          required
          value={shown.form?.text("name") ?? ""}
          hint="Which identity provider it is for, for example: Entra ID, production."
        />
        <SelectField
          label="It expires"
          name="days"
          options={LIVES}
          value={shown.form?.text("days")}
        />
        <ScopesField {...(shown.form && { chosen: shown.form.all("scopes") })} />
        <div class="actions">
          <button>Create</button>
        </div>
      </PostForm>
    </>,
  );
}

const isLive = ({ revokedAt, expiresAt }: TokenView, now: number) =>
  revokedAt === null && (expiresAt === null || Date.parse(expiresAt) > now);

function TokenState({ token, now }: { token: TokenView; now: number }) {
  if (token.revokedAt !== null) return <Badge tone="quiet">Revoked</Badge>;
  if (!isLive(token, now)) return <Badge tone="quiet">Expired</Badge>;
  return (
    <>
      {token.safeToRevoke ? (
        <Badge tone="ok">Safe to revoke</Badge>
      ) : (
        <Badge tone={token.lastUsedAt === null ? "warn" : "ok"}>
          {token.lastUsedAt === null ? "Not seen yet" : "In use"}
        </Badge>
      )}
      {token.underOldPepper && <Badge tone="warn">Under the old pepper</Badge>}
    </>
  );
}

const TokenActions = ({ view, path, token }: { view: View; path: string; token: TokenView }) => (
  <>
    <Confirm
      view={view}
      action={path}
      does="rotate"
      fields={{ id: token.id }}
      label="Rotate"
      button="Create the successor"
      tone="quiet"
    >
      <SelectField
        label="The present token works"
        name="overlapHours"
        id={`overlap-${token.id}`}
        options={OVERLAPS}
      />
      <p class="hint">
        Paste the successor into your identity provider meanwhile. When it has been seen and this
        one has not for a day, this one is marked as safe to revoke.
      </p>
    </Confirm>
    <Confirm view={view} action={path} does="revoke" fields={{ id: token.id }} label="Revoke">
      <p class="hint">
        Every request with it is refused from now on.
        {!token.safeToRevoke && token.lastUsedAt !== null && " It is in use: provisioning stops."}
      </p>
    </Confirm>
  </>
);
